"""Who may see each route: the table that `test_access.py` holds against the application.

A new route: add it to ROUTES, under its rule as Flask knows it. Where methods differ, write
`"POST /suppliers"` beside `"/suppliers"`. A new name for an id in an address: add to OBJECTS how
to make one thing of a relation, so that the test can ask for it as everybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.domain.access import LinkPurpose
from onboarding.domain.people import Duty, Role
from onboarding.store.tables import (
    DivisionRow,
    ImportRow,
    OrganisationRow,
    RelationRow,
    SavedViewRow,
)
from tests import pathway_things, proof_rows, proof_things, stage, template_things


@dataclass(frozen=True, slots=True)
class Access:
    """`kind` is public, customer, portal, supplier, person, mailed or api."""

    kind: str
    duty: Duty | None = None
    scope: str | None = None
    purpose: LinkPurpose | None = None


PUBLIC = Access("public")
PERSON = Access("person")  # whoever is logged in, on either side, for themselves
SUPPLIER = Access("supplier")  # whoever is logged in on the supplier's side


def customer(duty: Duty) -> Access:
    """Pages under `@needs(duty)`."""
    return Access("customer", duty)


def portal(duty: Duty) -> Access:
    """Pages under `@needs_contact(duty)`."""
    return Access("portal", duty)


def mailed(purpose: LinkPurpose, duty: Duty) -> Access:
    """Pages under `@needs_link(purpose, duty)`: whoever comes with the token in the address."""
    return Access("mailed", duty, purpose=purpose)


def api(scope: str | None) -> Access:
    """Programs with a token of this scope; None for what is open to all, such as openapi.json."""
    return Access("api", scope=scope)


ROUTES: dict[str, Access] = {
    # The frame of every page
    "/static/<path:filename>": PUBLIC,
    "/static/bootstrap.min.css": PUBLIC,
    "/help": PUBLIC,
    "/pso": PUBLIC,
    "/accessibility": PUBLIC,
    "/privacy": PUBLIC,
    "/language": PUBLIC,
    # Accounts: getting in and out
    "/log-in": PUBLIC,
    "/log-out": PUBLIC,
    "/portal/log-in": PUBLIC,
    "/portal/log-in/sent": PUBLIC,
    "/portal/enter/<token>": PUBLIC,
    "/password/forgotten": PUBLIC,
    "/password/sent": PUBLIC,
    "/password/<token>": PUBLIC,
    "/account": PERSON,
    "/account/mail": SUPPLIER,
    "/account/calendar": PERSON,
    "/account/calendar/end": PERSON,
    "/calendar/<token>.ics": PUBLIC,  # to whoever has the token; see test_agenda_feed.py
    "/account/password": customer(Duty.READ),
    "/users": customer(Duty.ADMINISTER),
    "/users/invite": customer(Duty.ADMINISTER),
    "/users/<int:person_id>": customer(Duty.ADMINISTER),
    "/colleagues": customer(Duty.READ),
    "/colleagues/me": customer(Duty.BUY),
    "/colleagues/<int:person_id>": customer(Duty.GOVERN),
    "/colleagues/<int:person_id>/absence": customer(Duty.BUY),
    "/colleagues/<int:person_id>/answers": customer(Duty.BUY),
    "/colleagues/<int:person_id>/hand-over": customer(Duty.GOVERN),
    "/messages/dead": customer(Duty.ADMINISTER),
    "/messages/dead/<int:message_id>/again": customer(Duty.ADMINISTER),
    "/messages/try-now": customer(Duty.ADMINISTER),
    "/mail": customer(Duty.READ),
    "/suppliers/<int:relation_id>/mail": customer(Duty.READ),
    "/suppliers/<int:relation_id>/mail/<int:mail_id>": customer(Duty.READ),
    "/suppliers/<int:relation_id>/mail/coming/<message_key>": customer(Duty.READ),
    "/suppliers/<int:relation_id>/mail/coming/<message_key>/hold": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/mail/coming/<message_key>/release": customer(Duty.BUY),
    # The portal of suppliers
    "/portal": SUPPLIER,
    "/portal/<int:relation_id>": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/agree": portal(Duty.AGREE),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/counter": portal(Duty.AGREE),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/decline": portal(Duty.AGREE),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/stop": portal(Duty.AGREE),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/change": portal(Duty.AGREE),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/pause": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/away": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/closed": portal(Duty.FILL_IN),
    "POST /portal/<int:relation_id>/closed": portal(Duty.REPORT),
    "/portal/<int:relation_id>/closed/<int:closure_id>/off": portal(Duty.REPORT),
    "POST /portal/<int:relation_id>/pathways/<int:pathway_id>/pause": portal(Duty.REPORT),
    "/portal/<int:relation_id>/events/<int:event_id>/personal-data": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/files/<int:evidence_id>/personal-data": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/amendments/<int:amendment_id>": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/amendments/<int:amendment_id>/agree": portal(Duty.AGREE),
    "/portal/<int:relation_id>/amendments/<int:amendment_id>/decline": portal(Duty.AGREE),
    "/portal/<int:relation_id>/amendments/<int:amendment_id>/withdraw": portal(Duty.AGREE),
    "/portal/<int:relation_id>/amendments/<int:amendment_id>/counter": portal(Duty.AGREE),
    "/portal/<int:relation_id>/steps/<int:milestone_id>": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/steps/<int:milestone_id>/date": portal(Duty.REPORT),
    "/portal/<int:relation_id>/steps/<int:milestone_id>/requests/<int:request_id>/take-back": (
        portal(Duty.REPORT)
    ),
    "/portal/<int:relation_id>/steps/<int:milestone_id>/delay": portal(Duty.REPORT),
    "/portal/<int:relation_id>/steps/<int:milestone_id>/question": portal(Duty.REPORT),
    "/portal/<int:relation_id>/question": portal(Duty.REPORT),
    # Behind the link of a mail, without a log-in
    "/portal/step/<token>": mailed(LinkPurpose.STEP, Duty.FILL_IN),
    "/portal/step/<token>/date": mailed(LinkPurpose.STEP, Duty.REPORT),
    "/portal/step/<token>/requests/<int:request_id>/take-back": mailed(
        LinkPurpose.STEP, Duty.REPORT
    ),
    "/portal/step/<token>/delay": mailed(LinkPurpose.STEP, Duty.REPORT),
    "/portal/step/<token>/question": mailed(LinkPurpose.STEP, Duty.REPORT),
    "/portal/step/<token>/files/<int:evidence_id>": mailed(LinkPurpose.STEP, Duty.FILL_IN),
    "/portal/step/<token>/log-in": mailed(LinkPurpose.STEP, Duty.FILL_IN),
    "/portal/not-me/<token>": mailed(LinkPurpose.WRONG_PERSON, Duty.FILL_IN),
    "/portal/mail/<token>": mailed(LinkPurpose.MAIL_CHOICE, Duty.FILL_IN),
    "/portal/mail/<token>/away": mailed(LinkPurpose.MAIL_CHOICE, Duty.FILL_IN),
    "/portal/not-me/<token>/away": mailed(LinkPurpose.WRONG_PERSON, Duty.FILL_IN),
    "/portal/mail/<token>/off": mailed(LinkPurpose.MAIL_CHOICE, Duty.FILL_IN),
    "/portal/<int:relation_id>/conversation": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/notices/<int:notice_id>": portal(Duty.FILL_IN),
    "POST /portal/<int:relation_id>/notices/<int:notice_id>": portal(Duty.REPORT),
    "/portal/<int:relation_id>/decisions/<int:decision_id>": portal(Duty.FILL_IN),
    "POST /portal/<int:relation_id>/decisions/<int:decision_id>": portal(Duty.REPORT),
    "/portal/<int:relation_id>/files/<int:evidence_id>": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/files/<int:evidence_id>/download": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/certificates": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/certificates/report": portal(Duty.REPORT),
    "/portal/<int:relation_id>/certificates/<int:certificate_id>/renewal": portal(Duty.REPORT),
    "/portal/<int:relation_id>/statements/<int:statement_id>": portal(Duty.FILL_IN),
    "POST /portal/<int:relation_id>/statements/<int:statement_id>": portal(Duty.REPORT),
    "/portal/<int:relation_id>/people": portal(Duty.FILL_IN),
    "/portal/<int:relation_id>/people/invite": portal(Duty.REPORT),
    "/evidence/<int:evidence_id>": customer(Duty.READ),
    "/evidence/<int:evidence_id>/personal-data": customer(Duty.BUY),
    "/evidence/<int:evidence_id>/numbers": customer(Duty.BUY),
    # Suppliers, contacts and the import
    "/suppliers": customer(Duty.READ),
    "/suppliers/export": customer(Duty.READ),
    "/suppliers/export.xlsx": customer(Duty.READ),
    "/suppliers/bulk": customer(Duty.BUY),
    "/suppliers/batches": customer(Duty.BUY),
    "/suppliers/batches/<int:batch_id>": customer(Duty.BUY),
    "/suppliers/batches/<int:batch_id>/next": customer(Duty.BUY),
    "/suppliers/batches/<int:batch_id>/undo": customer(Duty.BUY),
    "/suppliers/views": customer(Duty.READ),
    "/suppliers/views/new": customer(Duty.READ),
    "/suppliers/views/<int:view_id>/remove": customer(Duty.READ),
    "/suppliers/new": customer(Duty.BUY),
    "/suppliers/imports": customer(Duty.BUY),
    "/suppliers/imports/<int:import_id>": customer(Duty.BUY),
    "/suppliers/imports/<int:import_id>/columns": customer(Duty.BUY),
    "/suppliers/imports/<int:import_id>/take": customer(Duty.BUY),
    "/suppliers/imports/<int:import_id>/wrong": customer(Duty.BUY),
    "/suppliers/<int:relation_id>": customer(Duty.READ),
    "/suppliers/<int:relation_id>/as-of": customer(Duty.READ),
    "/suppliers/<int:relation_id>/dossier": customer(Duty.READ),
    "/suppliers/<int:relation_id>/what-if": customer(Duty.READ),
    "/suppliers/<int:relation_id>/edit": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/notes": customer(Duty.READ),
    "POST /suppliers/<int:relation_id>/notes": customer(Duty.BUY),
    "/events/<int:event_id>/personal-data": customer(Duty.GOVERN),
    "/personal-data/<int:report_id>": customer(Duty.GOVERN),
    "/personal-data/<int:report_id>/keep": customer(Duty.GOVERN),
    "/milestones/<int:milestone_id>/personal-data": customer(Duty.GOVERN),
    "/suppliers/<int:relation_id>/divisions/new": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/divisions/<int:division_id>": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/divisions/<int:division_id>/remove": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/number": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/merge": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/merge/<int:other_id>": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/merged/<int:former_id>": customer(Duty.READ),
    "/suppliers/<int:relation_id>/enrol": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/take-out": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/end": customer(Duty.GOVERN),
    "/suppliers/<int:relation_id>/reopen": customer(Duty.GOVERN),
    "/suppliers/<int:relation_id>/contacts/new": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contacts/<int:contact_id>/invite": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contacts/<int:contact_id>/retire": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contacts/<int:contact_id>/back": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contacts/<int:contact_id>/doubt": customer(Duty.BUY),
    # Pathways, steps, requests and notices
    "/suppliers/<int:relation_id>/pathway/new": customer(Duty.BUY),
    "/pathways/<int:pathway_id>": customer(Duty.READ),
    "/pathways/<int:pathway_id>/edit": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/check": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/propose": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/answer": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/agree": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/counter": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/drop": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/withdraw": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/stop": customer(Duty.GOVERN),
    "/pathways/<int:pathway_id>/next-year": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/next-year/skip": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/given": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/versions/<int:number>.pdf": customer(Duty.READ),
    "/portal/<int:relation_id>/pathways/<int:pathway_id>/versions/<int:number>.pdf": portal(
        Duty.FILL_IN
    ),
    "/pathways/<int:pathway_id>/change": customer(Duty.BUY),
    "/amendments/<int:amendment_id>": customer(Duty.READ),
    "/amendments/<int:amendment_id>/accept": customer(Duty.BUY),
    "/amendments/<int:amendment_id>/decline": customer(Duty.BUY),
    "/amendments/<int:amendment_id>/withdraw": customer(Duty.BUY),
    "/amendments/<int:amendment_id>/counter": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/pause": customer(Duty.BUY),
    "/pathways/<int:pathway_id>/pause/end": customer(Duty.BUY),
    "/holds/<int:hold_id>": customer(Duty.BUY),
    "/milestones/<int:milestone_id>": customer(Duty.READ),
    "/milestones/<int:milestone_id>/accept": customer(Duty.BUY),
    "/milestones/<int:milestone_id>/return": customer(Duty.BUY),
    "/milestones/<int:milestone_id>/waive": customer(Duty.BUY),
    "/milestones/<int:milestone_id>/done": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/snooze": customer(Duty.BUY),
    "/milestones/<int:milestone_id>/snooze": customer(Duty.BUY),
    "/snoozes/<int:snooze_id>/end": customer(Duty.BUY),
    "/requests/<int:request_id>": customer(Duty.BUY),
    "/notices/<int:notice_id>": customer(Duty.READ),
    "/notices/<int:notice_id>/send": customer(Duty.BUY),
    "/notices/<int:notice_id>/hold": customer(Duty.BUY),
    "/notices/<int:notice_id>/release": customer(Duty.BUY),
    "/notices/<int:notice_id>/line": customer(Duty.BUY),
    "/notices/<int:notice_id>/given": customer(Duty.BUY),
    "/notices/<int:notice_id>/answer": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contact": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contact/note": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/contact/<act>": customer(Duty.BUY),
    "/statements/<int:statement_id>": customer(Duty.READ),
    "POST /statements/<int:statement_id>": customer(Duty.BUY),
    "/tasks/<int:task_id>/not-reached": customer(Duty.BUY),
    "/questions/<int:task_id>": customer(Duty.BUY),
    # Certificates, recognitions, decisions and the policy
    "/suppliers/<int:relation_id>/certificates/new": customer(Duty.BUY),
    "/certificates/check": customer(Duty.BUY),
    "/certificates/imports": customer(Duty.BUY),
    "/certificates/imports/<int:certificate_list_id>": customer(Duty.BUY),
    "/certificates/imports/<int:certificate_list_id>/columns": customer(Duty.BUY),
    "/certificates/imports/<int:certificate_list_id>/take": customer(Duty.BUY),
    "/certificates/imports/<int:certificate_list_id>/wrong": customer(Duty.BUY),
    "/certificates/<int:certificate_id>": customer(Duty.READ),
    "/certificates/<int:certificate_id>/verify": customer(Duty.BUY),
    "/certificates/<int:certificate_id>/reject": customer(Duty.BUY),
    "/certificates/<int:certificate_id>/revoke": customer(Duty.BUY),
    "/certificates/<int:certificate_id>/renew": customer(Duty.BUY),
    "/renewals/<int:renewal_id>": customer(Duty.READ),
    "/renewals/<int:renewal_id>/accept": customer(Duty.BUY),
    "/renewals/<int:renewal_id>/refuse": customer(Duty.BUY),
    "/renewals/<int:renewal_id>/delay": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/recognitions/new": customer(Duty.BUY),
    "/recognitions/<int:recognition_id>": customer(Duty.READ),
    "/recognitions/<int:recognition_id>/recheck": customer(Duty.BUY),
    "/recognitions/<int:recognition_id>/revoke": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/decisions/new/<kind>": customer(Duty.BUY),
    "/decisions/<int:decision_id>": customer(Duty.READ),
    "/decisions/<int:decision_id>/files": customer(Duty.BUY),
    "/decisions/<int:decision_id>/given": customer(Duty.GOVERN),
    "/decisions/<int:decision_id>/answer": customer(Duty.GOVERN),
    "/decisions/<int:decision_id>/end": customer(Duty.BUY),
    "/decisions/<int:decision_id>/take-back": customer(Duty.BUY),
    "/decisions/<int:decision_id>/confirm": customer(Duty.GOVERN),
    "/decisions/<int:decision_id>/refuse": customer(Duty.GOVERN),
    "/templates": customer(Duty.READ),
    "/templates/new": customer(Duty.GOVERN),
    "/templates/<template_code>": customer(Duty.READ),
    "/templates/<template_code>/versions/<int:version>": customer(Duty.READ),
    "/templates/<template_code>/edit": customer(Duty.GOVERN),
    "/templates/<template_code>/retire": customer(Duty.GOVERN),
    "/templates/<template_code>/restore": customer(Duty.GOVERN),
    "/policy": customer(Duty.READ),
    "/policy/drafts/<int:draft_id>": customer(Duty.GOVERN),
    "/policy/drafts/<int:draft_id>/next": customer(Duty.GOVERN),
    "/policy/drafts/<int:draft_id>/count": customer(Duty.GOVERN),
    "/policy/drafts/<int:draft_id>/publish": customer(Duty.GOVERN),
    "/policy/drafts/<int:draft_id>/drop": customer(Duty.GOVERN),
    "/policy/new": customer(Duty.GOVERN),
    "/reports": customer(Duty.GOVERN),
    "/reports.xlsx": customer(Duty.GOVERN),
    #
    # Work list and tasks
    "/": customer(Duty.READ),
    "/watched": customer(Duty.READ),
    "/watched/mail": customer(Duty.READ),
    "/watched/mine": customer(Duty.BUY),
    "/suppliers/<int:relation_id>/follow": customer(Duty.READ),
    "/suppliers/<int:relation_id>/unfollow": customer(Duty.READ),
    #
    # Programs: tokens and the API
    "/api/v1/openapi.json": api(None),
    "/api/v1/docs": PUBLIC,
    "/api/v1/eligibility": api("eligibility:read"),
    "/api/v1/eligibility/<path:ref>": api("eligibility:read"),
    "/api/v1/eligibility/<path:ref>/timeline": api("eligibility:read"),
    "/api/v1/eligibility/lookup": api("eligibility:read"),
    "/api/v1/events": api("events:read"),
    "/api/v1/suppliers": api("suppliers:write"),
    "/api/v1/suppliers/<path:ref>/pathway": api("suppliers:read"),
    "/api/v1/suppliers/<path:ref>": api("suppliers:read"),
    "PUT /api/v1/suppliers/<path:ref>": api("suppliers:write"),
    "/tokens": customer(Duty.ADMINISTER),
    "/tokens/new": customer(Duty.ADMINISTER),
    "/tokens/<int:token_id>/revoke": customer(Duty.ADMINISTER),
    "/webhooks": customer(Duty.ADMINISTER),
    "/webhooks/new": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/change": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/renew-secret": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/disable": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/enable": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/test": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/again": customer(Duty.ADMINISTER),
    "/webhooks/<int:endpoint_id>/deliveries/<int:delivery_id>/again": customer(Duty.ADMINISTER),
    # What is told to other machines about the installation itself
    "/healthz": PUBLIC,
    "/readyz": PUBLIC,
    "/metrics": PUBLIC,
    #
}


# The name in the address: makes one thing of the relation (or of its customer), returns its id.
OBJECTS: dict[str, Callable[[Session, RelationRow], object]] = {
    "relation_id": lambda session, relation: relation.id,
    "message_id": lambda session, relation: stage.a_dead_letter(session, relation).id,
    "message_key": lambda session, relation: stage.a_reminder(session, relation).key,
    "snooze_id": lambda session, relation: stage.a_snooze(session, relation).id,
    "mail_id": lambda session, relation: stage.a_mail(session, relation).id,
    "person_id": lambda session, relation: (
        stage.a_user(session, session.get_one(OrganisationRow, relation.customer_id), Role.BUYER).id
    ),
    "number": lambda session, relation: pathway_things.a_version(session, relation).number,
    "pathway_id": lambda session, relation: pathway_things.a_pathway(session, relation).id,
    "milestone_id": lambda session, relation: pathway_things.a_milestone(session, relation).id,
    "request_id": lambda session, relation: pathway_things.a_request(session, relation).id,
    "notice_id": lambda session, relation: pathway_things.a_notice(session, relation).id,
    "hold_id": lambda session, relation: pathway_things.a_hold(session, relation).id,
    "closure_id": lambda session, relation: stage.a_closure(session, relation).id,
    "amendment_id": lambda session, relation: pathway_things.an_amendment(session, relation).id,
    "renewal_id": lambda session, relation: proof_rows.a_renewal(session, relation).id,
    "recognition_id": lambda session, relation: proof_rows.a_recognition(session, relation).id,
    "act": lambda session, relation: "question",
    "statement_id": lambda session, relation: pathway_things.a_statement(session, relation).id,
    "kind": lambda session, relation: "exempt",
    "report_id": lambda session, relation: pathway_things.a_report(session, relation).id,
    "task_id": lambda session, relation: pathway_things.a_question(session, relation).id,
    "event_id": lambda session, relation: pathway_things.a_note(session, relation).id,
    "evidence_id": lambda session, relation: proof_things.a_file(session, relation).id,
    "certificate_id": lambda session, relation: proof_things.a_certificate(session, relation).id,
    "decision_id": lambda session, relation: proof_things.a_block(session, relation).id,
    "contact_id": lambda session, relation: stage.a_contact(session, relation).id,
    "token_id": lambda session, relation: stage.a_token(session, relation.customer_id).id,
    "endpoint_id": lambda session, relation: stage.a_webhook(session, relation.customer_id).id,
    "delivery_id": lambda session, relation: 1,
    "template_code": lambda session, relation: template_things.an_own_template(session, relation),
    "version": lambda session, relation: 1,
    "other_id": lambda session, relation: a_namesake(session, relation).id,
    "former_id": lambda session, relation: stage.a_former(session, relation).id,
    "division_id": lambda session, relation: a_division(session, relation).id,
    "view_id": lambda session, relation: a_view(session, relation).id,
    "import_id": lambda session, relation: a_list(session, relation).id,
    "certificate_list_id": lambda session, relation: a_list(session, relation, "certificates").id,
    "batch_id": lambda session, relation: stage.a_batch(session, relation).id,
    "draft_id": lambda session, relation: stage.a_policy_draft(session, relation).id,
}


def a_division(session: Session, relation: RelationRow) -> DivisionRow:
    row = DivisionRow(
        customer_id=relation.customer_id, relation_id=relation.id, division="Catering"
    )
    session.add(row)
    session.flush()
    return row


def a_namesake(session: Session, relation: RelationRow) -> RelationRow:
    """Another supplier of the same customer."""
    customer = session.get_one(OrganisationRow, relation.customer_id)
    return stage.a_relation(session, customer, "Drukkerij Linde")


def a_view(session: Session, relation: RelationRow) -> SavedViewRow:
    """A shared view of the relation's customer."""
    row = SavedViewRow(
        customer_id=relation.customer_id,
        person_id=stage.a_person(session).id,
        name="Laat",
        query="status=at-risk",
        is_shared=True,
        made_at=stage.BEFORE,
    )
    session.add(row)
    session.flush()
    return row


def a_list(session: Session, relation: RelationRow, kind: str = "suppliers") -> ImportRow:
    """An uploaded list of the relation's customer that waits to be taken."""
    row = ImportRow(
        customer_id=relation.customer_id,
        person_id=stage.a_person(session).id,
        kind=kind,
        file_name="lijst.csv",
        content={"headers": ["Naam"], "rows": [["Jansen"]], "numbers": [2], "places": {"name": 0}},
        made_at=stage.BEFORE,
    )
    session.add(row)
    session.flush()
    return row
