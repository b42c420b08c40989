"""Checking reported certificates together: the same rules as one by one, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Level
from onboarding.services.certificates import verify_certificate
from onboarding.store.proofs import covered_numbers, proof_row
from onboarding.store.relations import lock_relations, visible_relation
from onboarding.store.reported_certificates import (
    PER_PAGE,
    Reported,
    count_reported,
    relations_of,
    reported,
)
from onboarding.store.tables import CertificateRow


class ChecksRefused(Exception):
    """Nothing was recorded; `refused` holds the error of each certificate by its id."""

    def __init__(self, refused: Mapping[int, DomainError]) -> None:
        super().__init__(refused)
        self.refused = refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedList:
    """One page of the certificates that wait to be checked."""

    lines: list[Reported]
    total: int
    page: int
    pages: int


def list_reported(session: Session, actor: Actor, page: int, *, mine: bool) -> ReportedList:
    """What waits, of all suppliers or of the actor's own; a page not there is the last one."""
    actor.must(Duty.BUY)
    buyer_id = actor.person_id if mine else None
    total = count_reported(session, actor.customer_id, buyer_id)
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    lines = reported(session, actor.customer_id, buyer_id, page)
    return ReportedList(lines=lines, total=total, page=page, pages=pages)


def verify_together(
    session: Session,
    actor: Actor,
    moment: Moment,
    register_urls: Mapping[int, str],
    checked_on: date,
) -> list[int]:
    """Record that the register says what was reported, at the address given for each certificate.

    Returns those that do not cover the relation's own number, so that they do not count. Raises
    ChecksRefused with every refusal, NotFound for a certificate of somebody else.
    """
    actor.must(Duty.BUY)
    places = relations_of(session, sorted(register_urls))
    for certificate_id in register_urls:
        if certificate_id not in places:
            raise NotFound(certificate=certificate_id)
        visible_relation(session, actor, places[certificate_id])
    lock_relations(session, sorted(set(places.values())))
    refused: dict[int, DomainError] = {}
    uncovered = []
    for certificate_id in sorted(register_urls):
        try:
            verified = verify_certificate(
                session,
                actor,
                moment,
                certificate_id,
                _claim(session, certificate_id),
                register_url=register_urls[certificate_id],
                checked_on=checked_on,
            )
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            refused[certificate_id] = error
        else:
            if not verified.covers_relation:
                uncovered.append(certificate_id)
    if refused:
        raise ChecksRefused(refused)
    return uncovered


def _claim(session: Session, certificate_id: int) -> Claim:
    """What was reported, as it stands under the lock."""
    row = proof_row(session, CertificateRow, certificate_id)
    return Claim(
        level=Level(row.level),
        thirty_plus=row.thirty_plus,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        kvk_numbers=tuple(covered_numbers(session, certificate_id)),
    )
