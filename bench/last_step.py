"""The one step of publishing a policy that all others wait for, with any number of suppliers.

`.venv/bin/python -m bench.last_step [SUPPLIERS]` tells that all of them are prepared, without
doing it, and publishes: the step reads who is left to prepare, and touches none of them.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import insert

from bench import engines
from bench.publish_policy import MOMENT, drafted
from onboarding.app import create_app
from onboarding.domain.people import Role
from onboarding.services.policy.publishing import prepare_batch
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import PolicyDraftRow, PreparedAssessmentRow, RelationRow
from tests import databases, stage

AT_ONCE = 5000


def main() -> None:
    suppliers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    databases.own_run_folder()
    with TemporaryDirectory() as folder:
        for name in engines.found_of(engines.ALL):
            took = measure(engines.empty(name, Path(folder), "bench"), suppliers)
            print(f"{name}, {suppliers} suppliers: {took:.3f} s", flush=True)


def measure(url: str, suppliers: int) -> float:
    with create_app(databases.settings(url)).app_context():
        draft_id = all_prepared(suppliers)
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
        before = perf_counter()
        prepare_batch(unit_of_work, MOMENT, draft_id)
        took = perf_counter() - before
        row = db.session.get_one(PolicyDraftRow, draft_id, populate_existing=True)
        assert row.state == "published", row.state
        db.session.remove()
    return took


def all_prepared(suppliers: int) -> int:
    with unit_of_work() as session:
        customer = stage.a_customer(session)
        person = stage.a_user(session, customer, Role.MANAGER)
        manager = stage.an_actor(customer, Role.MANAGER, person_id=person.id)
        first = stage.a_relation(session, customer)
        columns = [c.name for c in RelationRow.__table__.columns if c.name not in OF_ITS_OWN]
        values = {name: getattr(first, name) for name in columns}
        session.delete(first)
    draft_id = drafted(manager)
    for start in range(0, suppliers, AT_ONCE):
        with unit_of_work() as session:
            ids = session.scalars(
                insert(RelationRow).returning(RelationRow.id),
                [
                    {**values, "sort_name": f"leverancier {n}"}
                    for n in range(start, min(start + AT_ONCE, suppliers))
                ],
            ).all()
            session.execute(
                insert(PreparedAssessmentRow),
                [
                    {
                        "draft_id": draft_id,
                        "relation_id": relation_id,
                        "starts_on": MOMENT.today,
                        "is_ready": True,
                        "is_stale": False,
                    }
                    for relation_id in ids
                ],
            )
    with unit_of_work() as session:
        session.get_one(PolicyDraftRow, draft_id).state = "preparing"
    return draft_id


OF_ITS_OWN = ("id", "kvk_number")

if __name__ == "__main__":
    main()
