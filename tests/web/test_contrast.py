"""The colours of the brand sheet can be read: WCAG 2.2 contrast, computed."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "onboarding/static/brand.css").read_text()
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", SHEET))
PILLS = re.findall(
    r"\.pill-(\w+), \.tint-\w+ \{ color: (#[0-9a-f]{6}); background: (#[0-9a-f]{6})", SHEET
)
WHITE = "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


def test_every_tint_has_a_pill() -> None:
    assert {name for name, _, _ in PILLS} == {"good", "attention", "late", "neutral", "certified"}


@pytest.mark.parametrize(("name", "text", "tint"), PILLS)
def test_words_on_a_pill_are_easy_to_read(name: str, text: str, tint: str) -> None:
    assert contrast(text, tint) >= 7


@pytest.mark.parametrize("text", ["text", "quiet", "teal", "teal-dark", "late"])
@pytest.mark.parametrize("ground", ["page", "white"])
def test_text_can_be_read_on_page_and_panel(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS.get(ground, WHITE)) >= 4.5


def test_white_can_be_read_on_what_can_be_done() -> None:
    for ground in ("teal", "teal-dark", "late"):
        assert contrast(WHITE, COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("line", ["input-line", "focus", "late"])
def test_edges_of_inputs_and_focus_can_be_seen(line: str) -> None:
    assert contrast(COLOURS[line], WHITE) >= 3
    assert contrast(COLOURS[line], COLOURS["page"]) >= 3


@pytest.mark.parametrize("part", re.findall(r"\.pathway-line .*? stroke: (#[0-9a-f]{6})", SHEET))
def test_lines_of_a_drawing_can_be_told_from_the_panel(part: str) -> None:
    assert contrast(part, WHITE) >= 2.5
