"""Every reference of a record that went into another leads a program to the one that stayed."""

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import OrganisationRow
from tests import stage
from tests.api.program import Program


def test_old_references_answer_with_the_one_that_stayed(
    program: Program, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    with unit_of_work():
        actor = stage.user_actor(session, customer)
        given = {"name": "De Linde", "kvk_number": "17037842"}
        stays = add_supplier(session, actor, moment, given).id
        given = {"name": "De Linde B.V.", "kvk_number": "02076358"}
        goes = add_supplier(session, actor, moment, given).id
        merge_suppliers(session, actor, moment, Choice(stays_id=stays, goes_id=goes))
    for ref in (f"id-{goes}", "02076358", f"id-{stays}", "17037842"):
        supplier = program.get(f"/suppliers/{ref}")
        assert supplier.json is not None
        assert (supplier.json["ref"], supplier.json["kvk_number"]) == (f"id-{stays}", "17037842")
        assert supplier.json["former_kvk_numbers"] == ["02076358"]
        status = program.get(f"/eligibility/{ref}")
        assert status.json is not None
        assert (status.status_code, status.json["supplier"]) == (200, "De Linde")
    tag = program.get(f"/suppliers/id-{goes}").headers["ETag"]
    changed = program.put(f"/suppliers/id-{goes}", {"city": "Gouda"}, If_Match=tag)
    assert changed.json is not None and changed.json["ref"] == f"id-{stays}"
    listed = program.get("/eligibility")
    assert listed.json is not None
    assert [one["kvk_number"] for one in listed.json["items"]] == ["17037842"]
