"""Tables: cards on a phone need labels, and the address keeps all of a list's state."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.web.elements import Element, elements
from tests.web.sample_page import sample_app


@pytest.fixture(scope="module")
def browser() -> FlaskClient:
    return sample_app().test_client()


def page_at(browser: FlaskClient, address: str) -> Element:
    return elements(browser.get(address).text)


def query_of(link: Element) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link["href"]).query)


def test_each_cell_names_its_column(browser: FlaskClient) -> None:
    table = page_at(browser, "/sample").one("table")
    headers = [header.text for header in table.one("thead").all("th")]
    row = table.one("tbody").all("tr")[0]
    labels = [cell.get("data-label") for cell in row.all("td")]
    assert headers == ["Leverancier", "Status", "Volgende stap", "Inkoop", "Doen"]
    assert labels == [*headers[1:4], None]
    assert row.one("th")["scope"] == "row"


def test_roles_stand_in_full(browser: FlaskClient) -> None:
    table = page_at(browser, "/sample").one("table")
    assert table["role"] == "table"
    assert {e.get("role") for e in table.all("tr")} == {"row"}
    assert {e.get("role") for e in table.all("td")} == {"cell"}
    assert {e.get("role") for e in table.all("th")} == {"columnheader", "rowheader"}


@pytest.mark.parametrize(
    ("sort", "leads_to", "said"),
    [("", "name", None), ("name", "-name", "ascending"), ("-name", "name", "descending")],
)
def test_a_header_sorts_and_turns(
    browser: FlaskClient, sort: str, leads_to: str, said: str | None
) -> None:
    page = page_at(browser, f"/sample?sort={sort}&status=at-risk&page=3")
    header = page.one("table").all("th")[0]
    assert header.get("aria-sort") == said
    assert query_of(header.one("a")) == {"sort": [leads_to], "status": ["at-risk"]}


def test_paging_keeps_the_rest_of_the_address(browser: FlaskClient) -> None:
    page = page_at(browser, "/sample?q=druk+werk&status=at-risk&status=eligible&page=2")
    before, after = page.one("nav", class_="pages").all("a")
    kept = {"q": ["druk werk"], "status": ["at-risk", "eligible"]}
    assert query_of(before) == kept
    assert query_of(after) == kept | {"page": ["3"]}


def test_amounts_are_whole_euros(browser: FlaskClient) -> None:
    cells = page_at(browser, "/sample").all("td", data_label="Inkoop")
    assert [cell.text for cell in cells] == ["€ 184.200", "€ 92.750", "—"]
