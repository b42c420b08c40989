"""A name for an address of the list: for oneself, or for all colleagues."""

import pytest
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound
from onboarding.domain.people import Actor, Role
from onboarding.services.saved_views import list_views, remove_view, save_view
from onboarding.store.tables import OrganisationRow
from tests import stage


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


def actor(session: Session, customer: OrganisationRow, role: Role = Role.BUYER) -> Actor:
    return stage.user_actor(session, customer, role)


def names(session: Session, seen_by: Actor) -> list[str]:
    return [view.name for view in list_views(session, seen_by)]


def test_a_view_is_ones_own_until_it_is_shared(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    anna, bob = actor(session, customer), actor(session, customer, Role.READER)
    stranger = actor(session, stage.a_customer(session, "Ander"))
    save_view(session, anna, moment, "Laat", "status=at-risk", is_shared=False)
    save_view(session, anna, moment, "Gedeeld", "status=preferred", is_shared=True)
    assert names(session, anna) == ["Gedeeld", "Laat"]
    assert names(session, bob) == ["Gedeeld"]
    assert names(session, stranger) == []
    [shared] = list_views(session, bob)
    assert (shared.owner, shared.may_remove, shared.query) == (
        "Buyer Bakker",
        False,
        "status=preferred",
    )


def test_the_same_name_replaces_ones_own_view_only(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    anna, bob = actor(session, customer), actor(session, customer)
    first = save_view(session, anna, moment, " Laat ", "status=at-risk", is_shared=True)
    again = save_view(session, anna, moment, "Laat", "status=at-risk&q=druk", is_shared=False)
    assert (again.id, again.query, again.is_shared) == (first.id, "status=at-risk&q=druk", False)
    assert save_view(session, bob, moment, "Laat", "q=x", is_shared=False).id != first.id


def test_a_view_goes_by_its_owner_or_a_manager(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    anna, bob = actor(session, customer), actor(session, customer)
    manager = actor(session, customer, Role.MANAGER)
    own = save_view(session, anna, moment, "Van mij", "q=a", is_shared=False)
    shared = save_view(session, anna, moment, "Van ons", "q=b", is_shared=True)
    for who in (bob, manager):
        with pytest.raises(NotFound):
            remove_view(session, who, own.id)
    with pytest.raises(NotAllowed):
        remove_view(session, bob, shared.id)
    assert remove_view(session, manager, shared.id) == "Van ons"
    assert remove_view(session, anna, own.id) == "Van mij"
    assert names(session, anna) == []


@pytest.mark.parametrize(("name", "reason"), [(" ", "required"), ("x" * 61, "too-long")])
def test_a_name_that_cannot_be_used(
    session: Session, moment: Moment, customer: OrganisationRow, name: str, reason: str
) -> None:
    with pytest.raises(InputInvalid) as refused:
        save_view(session, actor(session, customer), moment, name, "q=a", is_shared=False)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == ("name", reason)
