"""The agreement on paper: one version typeset as a PDF that holds its own sealed content."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

import typst
from sqlalchemy.orm import Session

from onboarding.domain.people import Actor, Role
from onboarding.i18n import (
    day_in_words,
    evidence_word,
    level_word,
    step_need,
    step_title,
    translate,
    word,
)
from onboarding.store.agreements import Agreement, Party, visible_agreement

TEMPLATE = Path(__file__).parents[3] / "templates" / "print" / "agreement.typ"
OWN_ROLES = frozenset(Role)


MOST_EXPLAINED = 12  # steps with a sentence each that fit on one page; of more, the proof is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A PDF, and the name under which somebody keeps it."""

    file_name: str
    content: bytes


def agreement_paper(
    session: Session, actor: Actor, pathway_id: int, number: int, locale: str, zone: tzinfo
) -> Paper:
    """The version on paper, for whoever may see it. Raises NotFound for others."""
    return typeset(visible_agreement(session, actor, pathway_id, number), locale, zone)


def typeset(agreement: Agreement, locale: str, zone: tzinfo) -> Paper:
    """The same agreement gives the same bytes, in the language asked for."""
    content = typst.compile(
        TEMPLATE,
        sys_inputs={"paper": json.dumps(_values(agreement, locale, zone))},
        ignore_system_fonts=True,
        # Archivable (ISO 19005-3: the sealed content may be inside), accessible (ISO 14289-1).
        pdf_standards=["a-3a", "ua-1"],
        timestamp=datetime.combine(agreement.agreed_on, datetime.min.time(), UTC),
    )
    return Paper(file_name=f"{_name(agreement, locale)}.pdf", content=content)


def _name(agreement: Agreement, locale: str) -> str:
    kind = translate("agreement", locale)
    return f"{kind}-{agreement.pathway_id}-{agreement.number}"


def _values(agreement: Agreement, locale: str, zone: tzinfo) -> dict[str, Any]:
    def _(text: str, **facts: Any) -> str:
        return translate(text, locale, **facts)

    agreed = day_in_words(agreement.agreed_on, locale)
    customer, supplier = agreement.customer.organisation, agreement.supplier.organisation
    return {
        "locale": locale,
        "customer": customer,
        "content": agreement.content,
        "content_name": f"{_name(agreement, locale)}.json",
        "sha256": agreement.sha256,
        "words": {
            "title": _("Agreement: the way to the PSO"),
            "version": _(
                "Pathway %(pathway)s, version %(number)s, %(day)s",
                pathway=agreement.pathway_id,
                number=agreement.number,
                day=agreed,
            ),
            "page": _("page"),
            "content": _("What was agreed, as it is sealed"),
            "intro": _(
                "%(customer)s and %(supplier)s agree on these steps, each on or before its day.",
                customer=customer,
                supplier=supplier,
            ),
            "steps": _("Steps"),
            "columns": ["", _("Step"), _("Who"), _("At the latest")],
            "terms": _("What holds"),
            "signatures": _("Agreed by"),
            "seal": _seal(agreement, locale, zone),
        },
        "parties": [
            _party(agreement.customer, locale, zone),
            _party(agreement.supplier, locale, zone),
        ],
        "steps": [
            _step(number, step, locale, with_need=len(agreement.plan["steps"]) <= MOST_EXPLAINED)
            for number, step in enumerate(agreement.plan["steps"], start=1)
        ],
        "terms": _terms(agreement.plan, locale),
    }


def _seal(agreement: Agreement, locale: str, zone: tzinfo) -> str:
    """What can be checked with the seal, and what no longer."""
    if agreement.redacted_at is None:
        return translate(
            "Seal (SHA-256) of the content, which is attached to this PDF as a file. With it "
            "anybody can check that nothing was changed afterwards.",
            locale,
        )
    removed_on = agreement.redacted_at.astimezone(zone).date()
    return translate(
        "Seal (SHA-256) of the content as it was agreed. A text in it that held personal data was "
        "removed on %(day)s, so it no longer fits the content that is attached to this PDF. "
        "Nothing else was changed.",
        locale,
        day=day_in_words(removed_on, locale),
    )


def _step(number: int, step: dict[str, Any], locale: str, *, with_need: bool) -> dict[str, str]:
    evidence = [evidence_word(code, locale) for code in step.get("evidence", ())]
    asked = step.get("explanation") or (step_need(step["title"], locale) if with_need else None)
    return {
        "number": str(number),
        "title": step_title(step["title"], locale),
        "asked": asked or ", ".join(evidence),
        "owner": word("owner", step["owner"], locale),
        "day": day_in_words(date.fromisoformat(step["due_on"]), locale),
    }


def _terms(plan: dict[str, Any], locale: str) -> list[str]:
    def _(text: str, **facts: Any) -> str:
        return translate(text, locale, **facts)

    terms = [
        _("Does a date not work out? Ask for another one before that day."),
        _(
            "Is a step late? We call first. After a warning you have at least %(num)s working "
            "days to repair it.",
            num=plan["cure_working_days"],
        ),
        _(
            "As long as something lies with us or with a certifying body, it does not count "
            "against you."
        ),
        _("Running orders and invoices always go on."),
    ]
    if plan.get("contract"):
        terms.insert(0, _("Contract: %(contract)s.", contract=plan["contract"]))
    if plan.get("target"):
        terms.insert(0, _("Goal: %(level)s.", level=level_word(plan["target"], locale)))
    return terms


def _party(party: Party, locale: str, zone: tzinfo) -> dict[str, Any]:
    def _(text: str, **facts: Any) -> str:
        return translate(text, locale, **facts)

    function = party.function
    if function in OWN_ROLES:
        function = word("role", function, locale)
    name = party.name or _("name no longer kept")
    signed_on = day_in_words(party.signed_at.astimezone(zone).date(), locale)
    signed = [
        f"{name}, {function}",
        _("%(day)s, by %(channel)s", day=signed_on, channel=word("channel", party.channel, locale)),
    ]
    if party.recorded_by:
        signed.append(_("recorded by %(name)s", name=party.recorded_by))
    number = party.kvk_number
    return {
        "organisation": party.organisation,
        "lines": [f"KvK {number}"] if number else [],
        "signed": signed,
    }
