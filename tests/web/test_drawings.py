"""The pathway as a line: each step in its place, today where it is, labels with room."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from onboarding.web.presentation.drawings import APART_WIDE, pathway_line
from tests.conftest import SettableClock
from tests.web.elements import elements
from tests.web.sample_page import sample_app

TODAY = date(2026, 11, 24)


@pytest.fixture
def pages(clock: SettableClock) -> Flask:
    app = sample_app()
    app.extensions["clock"] = clock
    return app


def day(distance: int) -> date:
    return TODAY + timedelta(distance)


def test_steps_stand_in_proportion_to_their_days(pages: Flask) -> None:
    with pages.test_request_context():
        line = pathway_line([(day(75), "planned"), (day(-25), "accepted"), (day(0), "started")])
    assert [dot.x for dot in line.dots] == [2, 26, 98]
    assert [dot.look for dot in line.dots] == ["done", "now", "todo"]
    assert line.today_x == 26
    assert line.done_x == 2
    assert (line.done, line.total) == (1, 3)


def test_today_is_left_out_before_the_first_and_after_the_last_day(pages: Flask) -> None:
    with pages.test_request_context():
        assert pathway_line([(day(1), "planned"), (day(9), "planned")]).today_x is None
        assert pathway_line([(day(-9), "accepted"), (day(-1), "overdue")]).today_x is None


def test_a_pathway_of_one_day_or_none_is_still_drawn(pages: Flask) -> None:
    with pages.test_request_context():
        assert [dot.x for dot in pathway_line([(day(0), "overdue")]).dots] == [2]
        assert pathway_line([]).dots == ()


def test_labels_never_touch(pages: Flask) -> None:
    with pages.test_request_context():
        line = pathway_line([(day(5 * step), "planned") for step in range(40)])
    labelled = [dot for dot in line.dots if dot.label]
    assert line.dots[0].label and line.dots[-1].label
    assert min(b.x - a.x for a, b in pairwise(labelled)) >= APART_WIDE
    assert 2 <= sum(dot.is_narrow for dot in line.dots) <= 4


def test_the_drawing_says_what_it_shows(pages: Flask) -> None:
    page = elements(pages.test_client().get("/sample").text)
    drawing = page.one("svg", class_="pathway-line")
    assert drawing["role"] == "img"
    texts = [page.one(id=id).text for id in drawing["aria-labelledby"].split()]
    assert texts[0] == "2 van 5 stappen klaar, de derde is over de datum"
    assert "2 van de 6 stappen zijn klaar" in texts[1]
    assert len(drawing.all("circle")) == 6
