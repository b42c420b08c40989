"""A relation that was ended from a day to come stops its pathway on that day."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from onboarding.jobs import runs
from onboarding.services.relations import end_supplier_relation
from onboarding.store.tables import PathwayRow
from tests.pathway_stage import a_scene, agreed


def test_the_sweep_of_its_day_stops_it(app: Flask, session: Session, clock: Any) -> None:
    scene = a_scene(session)
    pathway, _ = agreed(session, scene, clock.moment())
    last = clock.moment().today + timedelta(days=10)
    end_supplier_relation(
        session, scene.manager, clock.moment(), scene.relation.id, last, "contract klaar"
    )
    session.commit()
    clock.forward(days=9)
    runs.sweep(app)
    assert session.get_one(PathwayRow, pathway.id).state == "agreed"
    clock.forward(days=1)
    for _ in range(2):
        runs.sweep(app)
        assert session.get_one(PathwayRow, pathway.id).state == "stopped"
