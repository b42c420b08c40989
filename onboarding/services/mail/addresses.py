"""Where the links in mails lead, below the public address."""

from collections.abc import Mapping
from typing import Any

from onboarding.domain.agendas import AgendaDay, DayKind
from onboarding.domain.messages import MessageKind

ACCOUNT = "/account"

# The page in the portal on which a kind is answered, below the relation's own.
PORTAL_PAGES: dict[MessageKind, str] = {
    MessageKind.PROPOSAL: "pathways/{pathway_id}",
    MessageKind.PROPOSAL_REMINDER: "pathways/{pathway_id}",
    MessageKind.FORMAL_NOTICE: "notices/{notice_id}",
    MessageKind.NOTICE_REPLY_ANSWERED: "notices/{notice_id}",
    MessageKind.BLOCK_ANNOUNCED: "decisions/{decision_id}",
    MessageKind.BLOCK_REPLY_ANSWERED: "decisions/{decision_id}",
    MessageKind.BLOCK_ENDED: "decisions/{decision_id}",
    MessageKind.CERTIFICATE_VERIFIED: "certificates",
    MessageKind.CERTIFICATE_REJECTED: "certificates/report",
    MessageKind.CERTIFICATE_REVOKED: "certificates",
    MessageKind.CERTIFICATE_ENDING: "certificates/{certificate_id}/renewal",
    MessageKind.RENEWAL_ANSWERED: "certificates",
    MessageKind.MILESTONE_REMINDER: "steps/{milestone_id}",
    MessageKind.RETURNED: "steps/{milestone_id}",
    MessageKind.DATE_ANSWERED: "steps/{milestone_id}",
    MessageKind.EVIDENCE_REMOVED: "steps/{milestone_id}",
    MessageKind.ANSWER: "steps/{milestone_id}",
    MessageKind.NOTE: "steps/{milestone_id}",
    MessageKind.AMENDMENT_PROPOSED: "amendments/{amendment_id}",
    MessageKind.AMENDMENT_WITHDRAWN: "amendments/{amendment_id}",
    MessageKind.RECORDED: "statements/{statement_id}",
    MessageKind.CONTEST_ANSWERED: "statements/{statement_id}",
}

# The page on which a buyer answers a kind; the others lead to the supplier's page.
BUYER_PAGES: dict[MessageKind, str] = {
    MessageKind.HOLD_ASKED: "/holds/{hold_id}",
    MessageKind.AMENDMENT_ASKED: "/amendments/{amendment_id}",
    MessageKind.AMENDMENT_REFUSED: "/amendments/{amendment_id}",
    MessageKind.AMENDMENT_TAKEN_BACK: "/amendments/{amendment_id}",
    MessageKind.DATE_TAKEN_BACK: "/requests/{request_id}",
    MessageKind.GRANT_ANSWERED: "/decisions/{decision_id}",
    MessageKind.CONTESTED: "/statements/{statement_id}",
    MessageKind.PERSONAL_DATA_REPORTED: "/personal-data/{report_id}",
    MessageKind.WATCHED: "/watched",
    MessageKind.WEBHOOK_FAILED: "/webhooks/{endpoint_id}",
    MessageKind.WRONG_PERSON: "/suppliers/{relation_id}/contacts/{contact_id}/doubt",
}

# The page about what a day in a buyer's calendar is the day of.
AGENDA_PAGES: dict[DayKind, str] = {
    DayKind.STEP: "/milestones",
    DayKind.REVIEW: "/milestones",
    DayKind.WARNING: "/notices",
    DayKind.CERTIFICATE: "/certificates",
    DayKind.RECHECK: "/recognitions",
    DayKind.DECISION: "/decisions",
}


def portal_page(kind: MessageKind, relation_id: int | None, facts: Mapping[str, Any]) -> str:
    """The page for a kind; the relation's home where a fact for it is missing."""
    if relation_id is None:
        return "/portal"
    page = _filled(PORTAL_PAGES.get(kind, ""), facts)
    return f"/portal/{relation_id}/{page}".rstrip("/")


def buyer_page(kind: MessageKind, relation_id: int | None, facts: Mapping[str, Any]) -> str:
    """The page for a kind; else the supplier's page, or the work list."""
    page = _filled(BUYER_PAGES.get(kind, ""), {**facts, "relation_id": relation_id})
    return page or (f"/suppliers/{relation_id}" if relation_id else "/")


def _filled(page: str, facts: Mapping[str, Any]) -> str:
    """The page with its facts in it; empty where one is missing."""
    known = {name: value for name, value in facts.items() if value}
    try:
        return page.format_map(known)
    except KeyError:
        return ""


def home(relation_id: int | None, *, is_for_supplier: bool) -> str:
    """Where all that waits for the reader stands."""
    if not is_for_supplier:
        return "/"
    return f"/portal/{relation_id}" if relation_id else "/portal"


def agenda_page(one: AgendaDay, *, is_for_supplier: bool) -> str:
    """The page about one day of somebody's calendar."""
    if not is_for_supplier:
        return f"{AGENDA_PAGES[one.kind]}/{one.thing_id}"
    page = f"steps/{one.thing_id}" if one.kind is DayKind.STEP else "certificates"
    return f"/portal/{one.relation_id}/{page}"
