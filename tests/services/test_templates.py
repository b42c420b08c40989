"""Templates in the table: seeded, saved in versions, retired, and remembered by pathways."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import (
    InputInvalid,
    MoveRefused,
    NotAllowed,
    NotFound,
    VersionOutdated,
)
from onboarding.domain.people import Role
from onboarding.domain.policy import Level
from onboarding.domain.templates import STRAIGHT, TEMPLATES, Template
from onboarding.services.pathway.beginnings import Choice, draft_from_template
from onboarding.services.pathway.negotiation import agree_pathway, propose_pathway
from onboarding.services.pathway.template_reading import list_templates, read_template
from onboarding.services.pathway.templates import (
    begin_template,
    live_templates,
    restore_template,
    retire_template,
    save_template,
)
from onboarding.store.pathways import versions
from onboarding.store.tables import EventRow, TemplateRow
from tests import pathway_stage as pathways
from tests import stage


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def shorter(template: Template = STRAIGHT) -> Template:
    return replace(template, steps=template.steps[:4])


def test_an_installation_begins_with_ours(session: Session, scene: pathways.Scene) -> None:
    assert live_templates(session, scene.buyer) == list(TEMPLATES.values())


def test_saving_keeps_every_version(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    saved = save_template(session, scene.manager, moment, shorter(), seen=1)
    assert saved.version == 2
    assert live_templates(session, scene.buyer)[0] == saved
    first = read_template(session, scene.buyer, moment, "straight", 1)
    assert first.template == STRAIGHT and not first.is_current
    view = read_template(session, scene.buyer, moment, "straight")
    assert [one.number for one in view.versions] == [2, 1]
    assert [one.saved_by for one in view.versions] == ["Manager Bakker", None]
    assert view.comparison is not None
    assert [one.before and one.before.title for one in view.comparison.steps] == [
        step.title for step in STRAIGHT.steps[4:]
    ]
    event = session.scalars(select(EventRow).where(EventRow.code == "template-saved")).one()
    assert (event.facts["version"], event.actor_id) == (2, scene.manager.person_id)
    assert not event.is_shared


def test_of_two_who_save_at_once_the_second_is_told(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    save_template(session, scene.manager, moment, shorter(), seen=1)
    with pytest.raises(VersionOutdated) as told:
        save_template(session, scene.manager, moment, replace(STRAIGHT, title="Anders"), seen=1)
    assert told.value.facts == {"seen": 1, "current": 2}
    assert read_template(session, scene.buyer, moment, "straight").template == replace(
        shorter(), version=2
    )


def test_a_copy_is_a_template_of_ones_own(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    wanted = replace(shorter(), title="Kort pad")
    own = begin_template(session, scene.manager, moment, wanted, copied_from="straight")
    another = begin_template(session, scene.manager, moment, replace(wanted, title="Lang pad"))
    assert (own.code, own.version, another.code) == ("own-1", 1, "own-2")
    assert [one.code for one in live_templates(session, scene.buyer)][-2:] == ["own-1", "own-2"]
    other = stage.user_actor(session, stage.a_customer(session, "Ander"), Role.MANAGER)
    with pytest.raises(NotFound):
        read_template(session, other, moment, "own-1")


def test_a_retired_one_cannot_be_chosen_until_it_is_brought_back(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    choice = Choice(template="straight", starts_on=moment.today)
    retire_template(session, scene.manager, moment, "straight")
    with pytest.raises(InputInvalid) as refused:
        draft_from_template(session, scene.buyer, moment, scene.relation.id, choice)
    assert refused.value.facts == {"field": "template", "reason": "not-to-choose"}
    with pytest.raises(MoveRefused):
        retire_template(session, scene.manager, moment, "straight")
    with pytest.raises(MoveRefused):
        save_template(session, scene.manager, moment, shorter(), seen=1)
    listed = list_templates(session, scene.buyer, moment)
    assert [one.template.code for one in listed if not one.is_live] == ["straight"]
    assert listed[-1].template.code == "straight"
    restore_template(session, scene.manager, moment, "straight")
    assert draft_from_template(session, scene.buyer, moment, scene.relation.id, choice)


@pytest.mark.parametrize("role", [Role.BUYER, Role.ADMIN, Role.READER])
def test_only_a_manager_changes_anything(session: Session, moment: Moment, role: Role) -> None:
    actor = stage.user_actor(session, stage.a_customer(session), role)
    acts: list[Callable[[], object]] = [
        lambda: save_template(session, actor, moment, shorter(), seen=1),
        lambda: begin_template(session, actor, moment, shorter()),
        lambda: retire_template(session, actor, moment, "straight"),
        lambda: restore_template(session, actor, moment, "straight"),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert len(session.scalars(select(TemplateRow)).all()) == len(TEMPLATES)


def test_a_pathway_keeps_the_terms_of_the_version_it_came_from(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    choice = Choice(template="straight", starts_on=moment.today)
    row = draft_from_template(session, scene.buyer, moment, scene.relation.id, choice)
    save_template(session, scene.manager, moment, shorter(), seen=1)
    propose_pathway(session, scene.buyer, moment, scene.relation.id, row.revision)
    agree_pathway(
        session, scene.signatory, moment, row.id, revision=row.revision, function="directeur"
    )
    assert (row.template, row.template_version, row.target) == ("straight", 1, "trede-1")
    assert len(row.steps) == len(STRAIGHT.steps)
    assert '"template_version":1' in versions(session, row.id)[0].content
    used = list_templates(session, scene.buyer, moment)[0].used
    assert (used.total, used.still_open) == (1, 1)


def test_counting_back_makes_the_draft_only_where_it_can_still_begin(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    soon = moment.today + timedelta(weeks=20)
    with pytest.raises(InputInvalid) as refused:
        draft_from_template(
            session,
            scene.buyer,
            moment,
            scene.relation.id,
            Choice(template="straight", wished_on=soon),
        )
    facts = refused.value.facts
    assert facts["field"] == "wished_on"
    assert date.fromisoformat(facts["start"]) < moment.today
    feasible = Choice(template="straight", wished_on=date.fromisoformat(facts["earliest"]))
    row = draft_from_template(session, scene.buyer, moment, scene.relation.id, feasible)
    assert row.starts_on >= moment.today
    certificate = next(step for step in row.steps if step["title"] == "certificate")
    assert certificate["due_on"] == facts["earliest"]


@pytest.mark.parametrize(
    ("choice", "target"),
    [
        ({}, "trede-1"),
        ({"has_own_target": True, "target": Level.TREDE_3}, "trede-3"),
        ({"has_own_target": True, "target": None}, None),
    ],
)
def test_the_goal_is_the_templates_or_the_buyers(
    session: Session, scene: pathways.Scene, moment: Moment, choice: dict, target: str | None
) -> None:
    row = draft_from_template(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        Choice(template="straight", starts_on=moment.today, **choice),
    )
    assert row.target == target
