"""Pages about views: named from the list, found above it, and gone again."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.store.tables import RelationRow
from tests.web.elements import elements


def test_what_the_list_shows_gets_a_name(
    as_buyer: FlaskClient, as_reader: FlaskClient, relation: RelationRow, session: Session
) -> None:
    session.commit()
    shown = elements(as_buyer.get("/suppliers?page=3&q=linde&sort=-spend&onzin=1").text)
    [link] = [a["href"] for a in shown.all("a") if a["href"].startswith("/suppliers/views/new")]
    assert link == "/suppliers/views/new?q=linde&sort=-spend"
    form = elements(as_buyer.get(link).text)
    assert form.one(id="query")["value"] == "q=linde&sort=-spend"
    empty = as_buyer.post("/suppliers/views/new", data={"query": "q=linde", "name": ""})
    assert empty.status_code == 422
    assert elements(empty.text).one(id="query")["value"] == "q=linde"
    data = {"query": "q=linde&sort=-spend&onzin=1", "name": "Mijn drukkers", "is_shared": "y"}
    saved = as_buyer.post("/suppliers/views/new", data=data)
    assert (saved.status_code, saved.location) == (303, "/suppliers?q=linde&sort=-spend")
    above = elements(as_reader.get(saved.location).text).one("nav", class_="views")
    [view] = [a for a in above.all("a") if a.text == "Mijn drukkers"]
    assert (view["href"], view["aria-current"]) == ("/suppliers?q=linde&sort=-spend", "page")
    table = elements(as_buyer.get("/suppliers/views").text)
    assert "Zoeken: linde" in table.one(id="main").text
    [remove] = [f["action"] for f in table.all("form") if "/remove" in (f.get("action") or "")]
    assert as_reader.post(remove).status_code == 403
    assert as_buyer.post(remove).status_code == 303
    assert "Nog geen bewaarde weergaven" in as_buyer.get("/suppliers/views").text
