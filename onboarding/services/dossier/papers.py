"""The dossier on paper: a PDF to read from begin to end, with the same as JSON inside."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from onboarding.i18n import day_in_words, translate
from onboarding.i18n.days import instant_in_words
from onboarding.services.dossier.as_json import dossier_json
from onboarding.services.dossier.dossiers import Dossier
from onboarding.services.dossier.sections import sections
from onboarding.services.pathway.agreement_papers import Paper

TEMPLATE = Path(__file__).parents[3] / "templates" / "print" / "dossier.typ"


def dossier_name(dossier: Dossier, zone: ZoneInfo) -> str:
    """Under which somebody keeps it, without its ending."""
    day = dossier.made_at.astimezone(zone).date()
    return f"dossier-id-{dossier.kept.relation.id}-{day.isoformat()}"


def typeset_dossier(dossier: Dossier, locale: str, zone: ZoneInfo) -> Paper:
    """The same dossier gives the same bytes, in the language asked for."""
    name = dossier_name(dossier, zone)
    content = typst.compile(
        TEMPLATE,
        sys_inputs={"paper": json.dumps(_values(dossier, name, locale, zone))},
        ignore_system_fonts=True,
        # Archivable and accessible, as agreements are.
        pdf_standards=["a-3a", "ua-1"],
        timestamp=dossier.made_at.replace(microsecond=0),
    )
    return Paper(file_name=f"{name}.pdf", content=content)


def _values(dossier: Dossier, name: str, locale: str, zone: ZoneInfo) -> dict[str, Any]:
    def _(text: str, **facts: Any) -> str:
        return translate(text, locale, **facts)

    kept = dossier.kept
    made_at = instant_in_words(dossier.made_at, zone, locale)
    return {
        "locale": locale,
        "customer": kept.customer,
        "content": dossier_json(dossier),
        "content_name": f"{name}.json",
        "sha256": dossier.head.sha256,
        "words": {
            "title": _("Dossier of %(supplier)s", supplier=kept.relation.name),
            "made": _(
                "Made for %(customer)s on %(at)s by %(name)s.",
                customer=kept.customer,
                at=made_at,
                name=dossier.made_by or _("somebody"),
            ),
            "internal": _("Internal: for the customer and its auditor, not for the supplier."),
            "privacy": _(
                "Notes that the supplier never saw are in it. Names are those that are still kept; "
                "addresses and the text of mails are not in it."
            ),
            "foot": _("%(supplier)s, dossier of %(at)s", supplier=kept.relation.name, at=made_at),
            "page": _("page"),
            "content": _("The same dossier for programs"),
            "none": _("There is nothing."),
            "seal": _(
                "Last seal (SHA-256) of the history, which has %(length)s lines in this chain. It "
                "shows later whether the history is still the one of this dossier.",
                length=dossier.head.length,
            ),
        },
        "facts": _facts(dossier, locale),
        "sections": sections(dossier, locale, zone),
    }


def _facts(dossier: Dossier, locale: str) -> list[tuple[str, str]]:
    def _(text: str) -> str:
        return translate(text, locale)

    kept, relation = dossier.kept, dossier.kept.relation
    found = [
        (_("Number in this tool"), f"id-{relation.id}"),
        (_("KvK number"), relation.kvk_number or _("no KvK number")),
        (_("Former KvK numbers"), ", ".join(kept.former_numbers)),
        (_("Foreign registration number"), relation.foreign_number or ""),
        (_("City"), relation.city or ""),
        (_("Known since"), day_in_words(relation.created_on, locale)),
        (
            _("In the programme since"),
            day_in_words(relation.enrolled_on, locale)
            if relation.enrolled_on
            else _("not in the programme"),
        ),
        (
            _("Relation ended"),
            day_in_words(relation.ended_on, locale) if relation.ended_on else "",
        ),
        (
            _("Merged into this one"),
            ", ".join(f"id-{one.former_id}" for one in kept.former_records),
        ),
    ]
    return [(name, value) for name, value in found if value]
