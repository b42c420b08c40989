"""Fields: label, hint, error and input belong together, and the summary leads to each mistake."""

import pytest
from flask.testing import FlaskClient

from tests.web.elements import Element, elements
from tests.web.sample_page import sample_app


@pytest.fixture(scope="module")
def browser() -> FlaskClient:
    return sample_app(WTF_CSRF_ENABLED=False).test_client()


@pytest.fixture(scope="module")
def empty(browser: FlaskClient) -> Element:
    return elements(browser.get("/sample").text)


@pytest.fixture(scope="module")
def wrong(browser: FlaskClient) -> Element:
    return elements(browser.post("/sample", data={"note": "Wij oefenen nog."}).text)


def described(page: Element, of: Element) -> str:
    """The text that a screen reader adds, found by id."""
    ids = (of.get("aria-describedby") or "").split()
    return " ".join(page.one(id=id).text for id in ids)


def test_the_summary_takes_focus_and_links_to_each_input(wrong: Element) -> None:
    summary = wrong.one("section", class_="error-summary")
    assert summary["tabindex"] == "-1"
    assert summary.get("autofocus") is not None
    links = summary.all("a")
    assert [link.text for link in links] == [
        "Vul de naam van de mijlpaal in",
        "Deadline: Vul een geldige datum in",
        "Kies een stand",
        "Hier staan geen persoonsgegevens in: Bevestig dit",
    ]
    for link in links:
        assert wrong.one(id=link["href"].removeprefix("#")).tag == "input"


def test_the_title_says_that_there_is_an_error(wrong: Element, empty: Element) -> None:
    assert wrong.one("head").one("title").text == "Fout: Drukkerij De Linde B.V. – Onboarding"
    assert empty.one("head").one("title").text == "Drukkerij De Linde B.V. – Onboarding"
    assert not empty.all(class_="error-summary")


def test_a_wrong_input_is_marked_and_described_by_hint_and_error(wrong: Element) -> None:
    title = wrong.one("input", id="title")
    assert title["aria-invalid"] == "true"
    assert described(wrong, title) == "Kort en concreet. Fout: Vul de naam van de mijlpaal in"


def test_the_error_stands_above_the_input(wrong: Element) -> None:
    field = next(box for box in wrong.all("div", class_="field-wrong") if box.all(id="title"))
    assert [child.get("id") or child.tag for child in field.children] == [
        "label",
        "title-hint",
        "title-error",
        "title",
    ]


def test_a_right_input_is_not_marked(empty: Element) -> None:
    title = empty.one("input", id="title")
    assert title.get("aria-invalid") is None
    assert described(empty, title) == "Kort en concreet."


def test_what_was_filled_in_is_kept(wrong: Element) -> None:
    assert wrong.one("textarea", id="note").text == "Wij oefenen nog."


def test_every_input_has_a_label(empty: Element) -> None:
    form = next(form for form in empty.all("form") if form.all("textarea"))
    labelled = {label["for"] for label in form.all("label")}
    inputs = [e for tag in ("input", "select", "textarea") for e in form.all(tag)]
    asked = {e["id"] for e in inputs if e.get("type") not in ("hidden", "submit")}
    assert asked == labelled


def test_only_what_may_be_left_empty_is_marked(empty: Element) -> None:
    labels = {label["for"]: label.text for label in empty.all("label")}
    assert labels["title"] == "Mijlpaal"
    assert labels["note"] == "Toelichting (niet verplicht)"
    legends = [legend.text for legend in empty.all("legend")]
    assert legends == ["Stand", "Divisies (niet verplicht)"]


def test_choices_form_a_group_with_its_error(wrong: Element) -> None:
    group = wrong.one("fieldset", id="state")
    assert group["role"] == "radiogroup"
    assert group["aria-invalid"] == "true"
    assert described(wrong, group) == "Fout: Kies een stand"
    assert len(group.all("input", type="radio")) == 2


def test_a_date_is_told_in_words(empty: Element) -> None:
    later = empty.one("input", id="later_on")
    assert later["type"] == "date"
    assert described(empty, later).startswith("woensdag 31 maart 2027 (")


def test_free_text_and_files_warn_about_personal_data(empty: Element) -> None:
    for tag, id in (("textarea", "note"), ("input", "file")):
        assert "Geen persoonsgegevens van medewerkers" in described(empty, empty.one(tag, id=id))


def test_a_form_with_a_file_can_send_it(empty: Element) -> None:
    form = next(form for form in empty.all("form") if form.all("input", type="file"))
    assert form["enctype"] == "multipart/form-data"
    assert len(form.all("input", name="csrf_token")) == 1
