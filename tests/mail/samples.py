"""A letter of each kind with facts as the services owe them."""

from datetime import date
from typing import Any

from onboarding.domain.messages import MessageKind, is_for_colleague
from onboarding.mail.messages import Line, write
from onboarding.mail.values import Colleague, Facts, Letter, Message
from onboarding.services.mail.links import ABOUT_A_STEP

CHOICE = "/portal/mail/x"
TODAY = date(2027, 2, 10)
STEPS = [
    {"title": "account", "due_on": "2027-03-10", "owner": "supplier"},
    {"title": "audit", "due_on": "2027-09-13", "owner": "outside"},
    {"title": "register-check", "due_on": "2027-10-18", "owner": "buyer"},
]
FACTS: dict[MessageKind, dict[str, Any]] = {
    MessageKind.INVITATION: {"minutes": 7 * 24 * 60},
    MessageKind.LOGIN_LINK: {"minutes": 30},
    MessageKind.PASSWORD_LINK: {"minutes": 24 * 60},
    MessageKind.PROPOSAL: {"steps": STEPS, "window_ends_on": "2027-04-11", "note": "Tot gauw!"},
    MessageKind.PROPOSAL_REMINDER: {"proposed_on": "2027-02-03", "window_ends_on": "2027-04-04"},
    MessageKind.PROPOSAL_WITHDRAWN: {},
    MessageKind.COUNTER_PROPOSAL: {"reason": "In juli zijn wij dicht."},
    MessageKind.AGREEMENT: {"steps": STEPS, "version": 2, "sha256": "ab" * 32, "days_moved": 3},
    MessageKind.DECLINED: {"reason": "Wij stoppen met dit werk."},
    MessageKind.WINDOW_ENDING: {"ends_on": "2027-02-24"},
    MessageKind.MILESTONE_REMINDER: {"deadline_on": "2027-02-24", "stage": "-14"},
    MessageKind.DATE_ASKED: {"asked_due_on": "2027-03-24", "reason": "Onze directeur is ziek."},
    MessageKind.DATE_ANSWERED: {"granted_due_on": "2027-03-24", "answer": "Beterschap!"},
    MessageKind.DELAY_REPORTED: {"asked_due_on": "2027-04-01", "reason": "De auditor is ziek."},
    MessageKind.REVIEW: {"submitted_on": "2027-02-09"},
    MessageKind.REVIEW_LATE: {"submitted_on": "2027-01-29"},
    MessageKind.RETURNED: {"note": "De handtekening ontbreekt.", "rework_on": "2027-02-24"},
    MessageKind.ACCEPTED: {"next_step": "Nulmeting", "next_due_on": "2027-03-24"},
    MessageKind.WAIVED: {"reason": "Dit hebt u al bij een andere opdracht gedaan."},
    MessageKind.COMPLETED: {},
    MessageKind.QUESTION: {"question": "Mag het plan ook in het Engels?"},
    MessageKind.ANSWER: {"question": "Mag het plan ook in het Engels?", "answer": "Ja, prima."},
    MessageKind.NOTE: {"note": "Op 3 maart is er een open middag over de PSO.", "files": 2},
    MessageKind.TEXT_REDACTED: {"reason": "Er stond iets in over iemands gezondheid."},
    MessageKind.PERSONAL_DATA_REPORTED: {},
    MessageKind.PERSONAL_DATA_ANSWERED: {
        "is_file": True,
        "answer": "Dit is een openbaar register.",
    },
    MessageKind.EVIDENCE_REMOVED: {"file_name": "lijst.pdf", "reason": "Er stonden namen in."},
    MessageKind.WRONG_PERSON: {"person": "Sanne Bakker", "name": "Piet", "phone": "06 12345678"},
    MessageKind.CALL: {"deadline_on": "2027-02-08"},
    MessageKind.NOTICE_PREPARED: {"planned_on": "2027-02-12"},
    MessageKind.FORMAL_NOTICE: {
        "missed_on": "2027-02-01",
        "cure_ends_on": "2027-02-24",
        "called_on": "2027-02-03",
        "reached": False,
        "manager": "Mark de Boer",
        "added_line": "Wij missen alleen nog de naam van de instelling.",
    },
    MessageKind.NOTICE_REPLY: {"reply": "De offerte komt morgen."},
    MessageKind.NOTICE_REPLY_ANSWERED: {"answer": "Dank u, wij wachten.", "cure_ends_on": TODAY},
    MessageKind.DECIDE: {"because": "cure-over", "cure_ends_on": "2027-02-09"},
    MessageKind.CERTIFICATE_REPORTED: {"level": "trede-3", "thirty_plus": True},
    MessageKind.CERTIFICATE_VERIFIED: {"level": "trede-1", "ends_on": "2029-02-01"},
    MessageKind.CERTIFICATE_REJECTED: {"level": "trede-2", "reason": "Het nummer klopt niet."},
    MessageKind.CERTIFICATE_REVOKED: {"revoked_on": "2027-02-15", "reason": "Ingetrokken."},
    MessageKind.CERTIFICATE_ENDING: {"level": "trede-1", "ends_on": "2027-08-09"},
    MessageKind.CERTIFICATE_TO_RENEW: {"level": "trede-1", "ends_on": "2027-08-09"},
    MessageKind.RENEWAL_REPORTED: {"note": "De audit is op 3 juni."},
    MessageKind.RENEWAL_ANSWERED: {"accepted": True},
    MessageKind.BLOCK_ANNOUNCED: {
        "starts_on": "2027-03-01",
        "reason": "Er is een half jaar niets gebeurd.",
        "manager": "Mark de Boer",
    },
    MessageKind.BLOCK_REPLY: {"reply": "Wij zijn juist begonnen."},
    MessageKind.BLOCK_REPLY_ANSWERED: {"answer": "Dat zien wij niet.", "starts_on": "2027-03-01"},
    MessageKind.BLOCK_ENDED: {"ended_on": "2027-03-01", "reason": "Er is een nieuw plan."},
    MessageKind.DECISION_ENDING: {"ends_on": "2027-03-12"},
    MessageKind.NEXT_YEAR: {"started_on": "2026-04-12"},
    MessageKind.STOP_ANNOUNCED: {"reason": "Er is niets gebeurd.", "manager": "Mark de Boer"},
    MessageKind.STOPPED: {"reason": "Te veel werk."},
    MessageKind.RELATION_ENDED: {"ended_on": "2027-03-01", "reason": "Het contract is af."},
    MessageKind.HOLD_ASKED: {
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-31",
        "reason": "Verhuizing.",
    },
    MessageKind.HOLD_ANSWERED: {
        "granted": True,
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-31",
    },
    MessageKind.RECORDED: {
        "statement_id": 5,
        "what": "leverde in: Plan van aanpak",
        "words": "Ons plan is af.",
        "said_by": "Sanne Bakker",
        "said_on": "2027-02-08",
        "channel": "phone",
        "recorded_by": "Anna Bakker",
        "contest_until_on": "2027-02-17",
    },
    MessageKind.CONTESTED: {"statement_id": 5, "text": "Het plan is nog niet af."},
    MessageKind.CONTEST_ANSWERED: {
        "statement_id": 5,
        "what": "leverde in: Plan van aanpak",
        "said_by": "Sanne Bakker",
        "stands": False,
        "answer": "Wij verstonden u verkeerd.",
        "grace_ends_on": "2027-02-17",
    },
    MessageKind.HOLD_ENDED: {
        "is_early": True,
        "promised_until": "2027-03-31",
        "next_step": "Nulmeting",
        "next_due_on": "2027-03-24",
    },
    MessageKind.AMENDMENT_PROPOSED: {
        "changes": [
            {"title": "baseline", "was": "2027-03-01", "becomes": "2027-04-05"},
            {"title": "quote", "was": "2027-05-03", "becomes": None},
            {"title": "Gesprek over inkoop", "was": None, "becomes": "2027-05-10"},
            {"title": "audit", "was": "2027-09-13", "becomes": "2027-09-13"},
        ],
        "reason": "Zo past het beter bij uw verhuizing.",
    },
    MessageKind.AMENDMENT_DECLINED: {
        "reason": "Vier maanden is te lang.",
        "grace_ends_on": "2027-02-17",
    },
    MessageKind.AMENDMENT_ASKED: {"reason": "Ons magazijn verhuist eerst."},
    MessageKind.AMENDMENT_WITHDRAWN: {"note": "De verhuizing gaat niet door."},
    MessageKind.AMENDMENT_TAKEN_BACK: {"note": "Het lukt toch op tijd."},
    MessageKind.DATE_TAKEN_BACK: {"asked_due_on": "2027-03-24"},
    MessageKind.GRANT_ANSWERED: {
        "is_signed": True,
        "who": "Marit Smit",
        "starts_on": "2027-02-10",
        "ends_on": "2027-06-30",
    },
    MessageKind.AMENDMENT_REFUSED: {"reason": "Dan halen wij het niet."},
    MessageKind.WATCHED: {
        "supplier": "Drukkerij De Letter B.V.",
        "from_status": "conditional",
        "to_status": "at-risk",
        "starts_on": "2027-02-10",
    },
    MessageKind.WEBHOOK_FAILED: {"host": "erp.facilitair.example", "because": "gone"},
    MessageKind.ADDRESS_REFUSED: {"person": "J. Jansen", "address": "jansen@drukkerij.example"},
}


def sample_letter(kind: MessageKind, locale: str, **changes: Any) -> Letter:
    is_for_buyer = is_for_colleague(kind) or kind is MessageKind.PASSWORD_LINK
    values: dict[str, Any] = {
        "locale": locale,
        "name": "Sanne",
        "customer": "Facilitair Bedrijf",
        "supplier": "Drukkerij De Letter B.V.",
        "today": TODAY,
        "url": "https://leveranciers.example/portal/7/steps/3",
        "home": "https://leveranciers.example/portal/7",
        "step": "plan",
        "asked": "Eén of twee pagina's, goedgekeurd door uw directie.",
        "buyer": Colleague(name="Anna Bakker", email="anna@facilitair.example", phone="030 123 45"),
        "is_for_supplier": not is_for_buyer,
        "opens_step": kind in ABOUT_A_STEP,
        "choice_url": f"https://leveranciers.example{'/account' if is_for_buyer else CHOICE}",
        "wrong_person_url": "" if is_for_buyer else "https://leveranciers.example/portal/not-me/x",
    }
    return Letter(**values | changes)


def sample_line(kind: MessageKind, locale: str, **facts: Any) -> Line:
    return kind, sample_letter(kind, locale), Facts(FACTS[kind] | facts)


def sample(kind: MessageKind, locale: str, **facts: Any) -> Message:
    return write([sample_line(kind, locale, **facts)])
