"""What the documents refer to is there, and a decision has a number of its own."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_link_leads_to_a_file_that_is_there(document: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(document.read_text())]
    ours = [link for link in links if link and "://" not in link]
    assert [link for link in ours if not (document.parent / link).exists()] == []


def test_decisions_are_numbered_once_and_say_their_number() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [record.name.partition("-")[0] for record in records]
    assert len(set(numbers)) == len(numbers)
    headings = [record.read_text().partition(" ")[2].partition(" ")[0] for record in records]
    assert headings == numbers
