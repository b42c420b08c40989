"""What the page about one act asks: about what, whom it can have been, and which day counts."""

from dataclasses import dataclass

from flask_babel import gettext as _

from onboarding.domain.errors import NotFound
from onboarding.domain.on_behalf import Act, Possible
from onboarding.domain.people import Channel
from onboarding.services.on_behalf import what_is_possible
from onboarding.services.pathway.amended_days import Amended, read_amended
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.views import PathwayView
from onboarding.store.contacts import ContactWithPerson, contacts_of
from onboarding.store.database import db
from onboarding.store.relations import visible_relation
from onboarding.store.tables import RelationRow
from onboarding.web.access import current_actor
from onboarding.web.behalf.acts import WAYS, Way
from onboarding.web.behalf.choosing import option_label, statements_told
from onboarding.web.behalf.forms import NEW, SaidForm
from onboarding.web.intake import number_asked
from onboarding.web.moments import current_moment
from onboarding.web.presentation.dates import in_words

NEEDS_PATHWAY = frozenset({Act.AGREE, Act.COUNTER})
NEEDS_AMENDMENT = frozenset({Act.ACCEPT_AMENDMENT, Act.DECLINE_AMENDMENT, Act.WITHDRAW_AMENDMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page about one act needs to know."""

    relation: RelationRow
    act: Act
    way: Way
    possible: Possible
    contacts: list[ContactWithPerson]
    options: list[tuple[int, str]]
    pathway: PathwayView | None = None
    amended: Amended | None = None

    def fresh_form(self) -> SaidForm:
        """Today, by phone, by whom we mostly speak, about what is most likely."""
        about = number_asked("about")
        is_one = about is not None and self.possible.option(about) is not None
        first = self.contacts[0] if self.contacts else None
        form = self.way.form(
            formdata=None,
            about=about if is_one else self.possible.options[0].id,
            said_by=str(first.person.id) if first else NEW,
            channel=Channel.PHONE.value,
            said_on=current_moment().today,
            revision=self.revision,
            function=(first.contact.function or "") if first else "",
            kvk_numbers=self.relation.kvk_number or "",
        )
        return self.dressed(form)

    def dressed(self, form: SaidForm) -> SaidForm:
        """The form with its choices, asking about the supplier."""
        form.fill_choices(self.contacts, self.options)
        for name, (label, hint) in self.way.labels.items():
            form[name].label.text, form[name].description = label, hint
        return form

    @property
    def revision(self) -> int | None:
        if self.amended is not None:
            return self.amended.revision
        return self.pathway.revision if self.pathway else None

    def when_hint(self) -> str:
        """Which day counts, where a day has to be made."""
        days = {one.by for one in self.possible.options if one.by is not None}
        if not days:
            return ""
        if len(days) > 1:
            text = _("This day decides whether it was in time. The status changes from today.")
        else:
            day = in_words(days.pop())
            text = _("Said by %(day)s it is in time. The status changes from today.", day=day)
        return str(text)


def asked_about(relation_id: int, act: str) -> Asked:
    """Raises NotFound for a relation of somebody else, and for an act that does not exist."""
    session, actor, moment = db.session(), current_actor(), current_moment()
    relation = visible_relation(session, actor, relation_id)
    if act not in set(Act):
        raise NotFound(what="act")
    wanted = Act(act)
    found = what_is_possible(session, actor, moment, relation_id)
    told = statements_told(session, moment, relation_id, found)
    possible = next((one for one in found if one.act is wanted), Possible(act=wanted, options=()))
    about = possible.options[0].id if possible.options else None
    pathway = amended = None
    if about is not None and wanted in NEEDS_PATHWAY:
        pathway = read_pathway(session, actor, moment, about)
    if about is not None and wanted in NEEDS_AMENDMENT:
        amended = read_amended(session, actor, about)
    return Asked(
        relation=relation,
        act=wanted,
        way=WAYS[wanted],
        possible=possible,
        contacts=contacts_of(session, relation_id),
        options=[(one.id, option_label(wanted, one, told)) for one in possible.options],
        pathway=pathway,
        amended=amended,
    )
