"""The dossier of one supplier: all that is kept of it, as values that a paper or JSON tells.

It is internal: notes that the supplier never saw are in it. People are named by what their one row
says today, by function or role; addresses, telephone numbers and the text of mails are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.dossiers import DossierExported, DossierForm
from onboarding.domain.eligibility import Period
from onboarding.domain.people import Actor, Duty
from onboarding.domain.seals import Head
from onboarding.services.status_reading import whole_timeline
from onboarding.services.supplier_reading import HistoryEvent, tell_events
from onboarding.store.contacts import names_of
from onboarding.store.dossiers import Kept, load_kept
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.seals import head_of, periods_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """`held` is what was held of each day, `periods` what each assessment told, by its id;
    `head` where the chain of the history ends in it. `events` are those of `kept`, with names.
    """

    kept: Kept
    held: Sequence[Period]
    periods: dict[int, list[dict[str, Any]]]
    events: Sequence[HistoryEvent]
    head: Head
    made_at: datetime
    made_by: str | None

    def name_of(self, person_id: int | None) -> str | None:
        """The name, None where it is no longer kept."""
        return self.kept.people.get(person_id or 0) or None

    def role_of(self, person_id: int | None) -> str | None:
        """The role on the supplier's side, if the person has or had one."""
        contact = self.kept.contacts.get(person_id or 0)
        return contact.role if contact else None


def read_dossier(session: Session, actor: Actor, moment: Moment, relation_id: int) -> Dossier:
    """All of the supplier, in a constant number of queries. Raises NotFound, NotAllowed."""
    actor.must(Duty.READ)
    relation = visible_relation(session, actor, relation_id)
    head = head_of(session, relation_id)
    kept = load_kept(session, relation)
    by = names_of(session, [actor.person_id]) if actor.person_id else {}
    return Dossier(
        kept=kept,
        held=whole_timeline(session, relation_id),
        periods=periods_of(session, [row.id for row in kept.assessments]),
        events=tell_events(session, kept.events),
        head=head,
        made_at=moment.now,
        made_by=by.get(actor.person_id or 0),
    )


def record_export(
    session: Session, actor: Actor, moment: Moment, dossier: Dossier, form: DossierForm
) -> None:
    """Put in the history who took it along, and up to where it went."""
    relation_id = dossier.kept.relation.id
    lock_visible_relation(session, actor, relation_id)
    change = DossierExported(form=form, length=dossier.head.length, sha256=dossier.head.sha256)
    under = Record(actor=actor, moment=moment, relation_id=relation_id, is_shared=False)
    append(session, change, under)
