"""Every text a person reads has exactly one Dutch translation, with the same facts in it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from onboarding.i18n import TRANSLATIONS

ROOT = Path(__file__).parents[2]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "mark": None,
    "translate": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "mark_plural": (1, 2),
    "translate_plural": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

MessageId = str | tuple[str, str]
Wanted = dict[MessageId, str]
Dutch = list[tuple[Path, Message]]


def in_code() -> Iterator[tuple[MessageId, str]]:
    """Each message and where it stands."""
    for path in sorted((ROOT / "onboarding").rglob("*.py")):
        with path.open("rb") as file:
            for line, message, _, _ in extract("python", file, KEYWORDS):
                yield tidy(message), f"{path.relative_to(ROOT)}:{line}"
    for path in sorted((ROOT / "templates").rglob("*.*")):
        with path.open("rb") as file:
            options = {"silent": "false", "extensions": "jinja2.ext.do"}
            for line, message, _, _ in extract(babel_extract, file, KEYWORDS, options=options):
                yield tidy(message), f"{path.relative_to(ROOT)}:{line}"


def tidy(message: str | tuple[str, ...]) -> MessageId:
    return message if isinstance(message, str) else (message[0], message[1])


def key(message: MessageId) -> str:
    """What the catalog finds a message by."""
    return message if isinstance(message, str) else message[0]


def forms(message: MessageId | str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


def translated() -> Iterator[tuple[Path, Message]]:
    for path in sorted((TRANSLATIONS / "nl").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="nl"):
                if message.id:
                    yield path, message


@pytest.fixture(scope="module")
def wanted() -> Wanted:
    return dict(in_code())


@pytest.fixture(scope="module")
def dutch() -> Dutch:
    return list(translated())


def test_there_are_texts(wanted: Wanted) -> None:
    assert wanted


def test_every_text_is_in_dutch(wanted: Wanted, dutch: Dutch) -> None:
    done = {
        (key(message.id), len(forms(message.id)))
        for _, message in dutch
        if not message.fuzzy and message.string and all(forms(message.string))
    }
    plural_too = {text for text, count in done if count == 2}
    missing = [
        f"{where}: {message!r}"
        for message, where in wanted.items()
        if (key(message), len(forms(message))) not in done and key(message) not in plural_too
    ]
    assert not missing


def test_every_translation_is_used(wanted: Wanted, dutch: Dutch) -> None:
    used = {key(message) for message in wanted}
    unused = [f"{path.name}: {m.id!r}" for path, m in dutch if key(m.id) not in used]
    assert not unused


def test_a_text_is_translated_in_one_way(dutch: Dutch) -> None:
    ways: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for _, message in dutch:
        ways[key(message.id)].add(forms(message.string))
    assert {text: found for text, found in ways.items() if len(found) > 1} == {}


def test_a_translation_tells_the_same_facts(dutch: Dutch) -> None:
    different = []
    for path, message in dutch:
        for english, dutch in zip(forms(message.id), forms(message.string), strict=True):
            if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(dutch)):
                different.append(f"{path.name}: {english!r} → {dutch!r}")
    assert not different
