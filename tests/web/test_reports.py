"""The report as a page: a drawing with its finding and its table, and a workbook to take along."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.services.statuses import reassess
from onboarding.store.tables import RelationRow
from onboarding.web.presentation.charts import COLUMN_HEIGHT, bars, columns


def test_the_longest_bar_takes_the_whole_width() -> None:
    one, two = bars([("a", "3", [("x", 1), ("y", 2)]), ("b", "6", [("x", 6)])])
    assert [(part.at, part.size) for part in one.parts] == [(0, 16.67), (16.67, 33.33)]
    assert [(part.at, part.size) for part in two.parts] == [(0, 100)]


def test_nothing_is_drawn_of_nothing() -> None:
    assert bars([("a", "0", [("x", 0)])])[0].parts == ()
    assert columns([("a", [("x", 0)])])[0].parts == ()


def test_columns_stand_on_the_ground() -> None:
    low, high = columns([("a", [("x", 1)]), ("b", [("x", 3), ("y", 1)])])
    assert [(part.at, part.size) for part in low.parts] == [(120, 40)]
    assert [(part.at, part.size) for part in high.parts] == [(40, 120), (0, 40)]


def test_shares_fill_each_column() -> None:
    low, high = columns([("a", [("x", 1)]), ("b", [("x", 3), ("y", 1)])], as_shares=True)
    assert sum(part.size for part in low.parts) == COLUMN_HEIGHT
    assert [part.size for part in high.parts] == [120, 40]


def test_the_page(
    as_manager: FlaskClient, session: Session, relation: RelationRow, moment: Moment
) -> None:
    relation.spend = 184200
    reassess(session, moment, [relation.id])
    session.commit()
    page = as_manager.get("/reports").text
    assert re.search(r"\b0\s?% van de inkoop is bij leveranciers met voorkeur", page)
    assert "€\N{NO-BREAK SPACE}184.200" in page
    assert 'href="/suppliers?status=out-of-scope"' in page


def test_without_any_supplier_it_says_so_without_an_error(as_manager: FlaskClient) -> None:
    assert as_manager.get("/reports").status_code == 200
    answer = as_manager.get("/reports.xlsx")
    assert answer.headers["Content-Disposition"].endswith('"leveranciers-2026-11-24.xlsx"')


def test_a_buyer_is_refused(as_buyer: FlaskClient) -> None:
    assert as_buyer.get("/reports").status_code == 403
