"""Everything that a reader sees has its Dutch, with the same facts in it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from onboarding.i18n import TRANSLATIONS, catalog

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "mark": None,
    "translate": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "translate_plural": (1, 2),
}
METHODS = {".py": "python", ".html": "jinja2", ".txt": "jinja2"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def messages_in_code() -> Iterator[tuple[str, tuple[str, ...]]]:
    """`(file, msgid or its two forms)` for every text in the code and the templates."""
    for folder in ("onboarding", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in METHODS or path.is_dir():
                continue
            with path.open("rb") as file:
                options = {"extensions": "jinja2.ext.do", "trimmed": "true"}
                for _line, message, *_rest in extract(
                    METHODS[path.suffix], file, KEYWORDS, options=options
                ):
                    forms = message if isinstance(message, tuple) else (message,)
                    yield str(path.relative_to(ROOT)), forms


def dutch_messages() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """`(file, msgids, Dutch)` for every entry of every catalog file."""
    for path in sorted((TRANSLATIONS / "nl").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="nl"):
                if message.id:
                    ids = message.id if isinstance(message.id, tuple) else (message.id,)
                    strings = message.string if isinstance(message.string, tuple) else None
                    yield path.name, tuple(ids), tuple(strings or (str(message.string),))


def test_every_text_has_its_dutch() -> None:
    known = catalog("nl").messages
    missing = {f"{path}: {forms[0]!r}" for path, forms in messages_in_code()}
    missing -= {f"{path}: {forms[0]!r}" for path, forms in messages_in_code() if forms[0] in known}
    assert not missing, "\n".join(["No Dutch for:", *sorted(missing)])


def test_no_dutch_is_left_over() -> None:
    used = {forms[0] for _, forms in messages_in_code()}
    unused = {f"{path}: {ids[0]!r}" for path, ids, _ in dutch_messages() if ids[0] not in used}
    assert not unused, "\n".join(["Nothing shows:", *sorted(unused)])


def test_the_dutch_holds_the_same_facts() -> None:
    for path, ids, strings in dutch_messages():
        wanted = set(PLACEHOLDER.findall(" ".join(ids)))
        found = set(PLACEHOLDER.findall(" ".join(strings)))
        assert found == wanted, f"{path}: {ids[0]!r}"


def test_one_english_text_has_one_dutch() -> None:
    """Two features may both translate a text, if they agree."""
    texts = {(ids[0], strings) for _, ids, strings in dutch_messages()}
    twice = [text for text, times in Counter(text for text, _ in texts).items() if times > 1]
    assert not twice, "\n".join(["Translated in two ways:", *sorted(twice)])


@pytest.mark.parametrize("word", ["geschikt", "aanmaning"])
def test_words_that_mean_something_else_are_avoided(word: str) -> None:
    found = [ids[0] for _, ids, strings in dutch_messages() if word in " ".join(strings).lower()]
    assert not found
