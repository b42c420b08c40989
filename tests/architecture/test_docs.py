"""What the documents refer to is there: files, pictures, words on the screen, numbers."""

import re
from pathlib import Path

import pytest

from onboarding.i18n.catalog import catalog

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
GUIDES = {"inkoper": "nl", "leverancier": "nl", "buyer": "en", "supplier": "en", "operator": "en"}
PICTURES = sorted((ROOT / "docs" / "screenshots").glob("*.png"))
LARGEST = 150_000  # bytes
LINK = re.compile(r"\]\(([^)\s#]+)|src=\"([^\"]+)\"")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)s")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(document: Path) -> list[Path]:
    """The files of ours that it leads to or shows."""
    found = ["".join(pair) for pair in LINK.findall(document.read_text())]
    return [(document.parent / link).resolve() for link in found if "://" not in link]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_link_leads_to_a_file_that_is_there(document: Path) -> None:
    assert [path for path in links(document) if not path.exists()] == []


@pytest.mark.parametrize("picture", PICTURES, ids=name)
def test_a_picture_is_small_and_shown_somewhere(picture: Path) -> None:
    assert picture in [path for document in DOCUMENTS for path in links(document)]
    assert picture.stat().st_size <= LARGEST


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_names_what_stands_on_the_screen(guide: str) -> None:
    """Bold in a guide is a text of the pages, with a number or `…` where facts come in."""
    shown = [PLACEHOLDER.sub(r"(…|\\d+)", re.escape(text)) for text in texts(GUIDES[guide])]
    any_of_them = re.compile("|".join(shown), re.IGNORECASE)
    bold = BOLD.findall((ROOT / "docs" / "guides" / f"{guide}.md").read_text())
    named = [" ".join(words.split()) for words in bold]
    assert named and [words for words in named if not any_of_them.fullmatch(words)] == []


def texts(locale: str) -> list[str]:
    messages = catalog("nl").messages
    if locale == "en":
        return list(messages)
    pairs = [(text,) if isinstance(text, str) else text for text in messages.values()]
    return [text for pair in pairs for text in pair]


def test_decisions_are_numbered_once_and_say_their_number() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [record.name.partition("-")[0] for record in records]
    assert len(set(numbers)) == len(numbers)
    headings = [record.read_text().partition(" ")[2].partition(" ")[0] for record in records]
    assert headings == numbers
