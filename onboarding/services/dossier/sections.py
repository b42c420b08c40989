"""The sections of a dossier on paper, in the order in which somebody reads them."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.domain.people import Role
from onboarding.i18n import event_text, reason_text, status_word, step_title, step_word, word
from onboarding.services.dossier import tables as dossier_tables
from onboarding.services.dossier.dossiers import Dossier
from onboarding.services.dossier.words import Words, cell, section
from onboarding.services.supplier_reading import told_apart

OWN_ROLES = frozenset(Role)
SIGNS_OF_SEAL = 16  # of a line of the history: enough to find it, and the JSON has all


def sections(dossier: Dossier, locale: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Each with its title, a line above it, columns, their widths (0: as wide as needed), rows."""
    words = Words(dossier=dossier, locale=locale, zone=zone)
    return [one(words) for one in SECTIONS]


def _status(words: Words) -> dict[str, Any]:
    _ = words.say
    rows = []
    for one in told_apart(words.dossier.held):
        why = [reason_text(r.code, r.facts, words.locale) for r in one.verdict.reasons]
        more = [reason_text(r.code, r.facts, words.locale) for r in one.verdict.warnings]
        ends = "—" if one.ends_on >= END_OF_TIME else words.day(one.ends_on)
        rows.append(
            [
                cell(words.day(one.starts_on)),
                cell(ends),
                cell(status_word(one.status, words.locale)),
                cell(" ".join(why), " ".join(more)),
            ]
        )
    return section(
        _("Buying status over time"),
        [_("From"), _("Up to and including"), _("Status"), _("Why")],
        [0, 0, 0, 1],
        rows,
        _("What was held of each day, and of the days to come if nothing is recorded."),
    )


def _agreements(words: Words) -> dict[str, Any]:
    _ = words.say
    rows = []
    for one in words.dossier.kept.versions:
        gone = _("A text that held personal data was removed from it since.")
        rows.append(
            [
                cell(
                    _("%(pathway)s, version %(number)s", pathway=one.pathway_id, number=one.number)
                ),
                cell(words.at(one.agreed_at)),
                cell(
                    _signed(words, one.for_buyer),
                    " ".join([_signed(words, one.for_supplier), gone if one.redacted_at else ""]),
                    one.content_sha256,
                ),
            ]
        )
    return section(
        _("Agreements"),
        [_("Pathway"), _("Agreed"), _("By whom and how, and the seal (SHA-256)")],
        [0, 0, 1],
        rows,
    )


def _signed(words: Words, one: dict[str, Any]) -> str:
    _ = words.say
    function = one.get("function") or ""
    function = word("role", function, words.locale) if function in OWN_ROLES else function
    channel = word("channel", one["channel"], words.locale) if one.get("channel") else ""
    told = [words.who(one.get("person_id")), function, channel]
    if one.get("recorded_by"):
        told.append(_("recorded by %(name)s", name=words.who(one["recorded_by"])))
    return ", ".join(part for part in told if part)


def _steps(words: Words) -> dict[str, Any]:
    _ = words.say
    kept = words.dossier.kept
    rows = []
    for one in kept.milestones:
        moved = one.due_on != one.original_due_on
        first = _("first agreed: %(day)s", day=words.day(one.original_due_on))
        rows.append(
            [
                cell(str(one.pathway_id)),
                cell(step_title(one.title, words.locale)),
                cell(word("owner", one.owner, words.locale)),
                cell(words.day(one.due_on), first if moved else ""),
                cell(step_word(one.state, words.locale), words.day(one.accepted_on)),
            ]
        )
    return section(
        _("Steps"),
        [_("Pathway"), _("Step"), _("Who"), _("Day"), _("State")],
        [0, 1, 0, 0, 0],
        rows,
    )


def _history(words: Words) -> dict[str, Any]:
    _ = words.say
    rows = []
    kept = words.dossier.kept
    for row, told in zip(kept.events, words.dossier.events, strict=True):
        who = told.who or _("The tool")
        by = []
        if told.channel:
            by.append(word("channel", told.channel, words.locale))
        if told.said_by:
            by.append(
                _("said by %(name)s on %(day)s", name=told.said_by, day=words.day(told.said_on))
            )
        if not row.is_shared:
            by.append(_("internal"))
        rows.append(
            [
                cell(words.at(row.at), seal=(row.sha256 or "")[:SIGNS_OF_SEAL]),
                cell(who, ", ".join(by)),
                cell(event_text(told.code, told.facts, words.locale)),
            ]
        )
    return section(
        _("Everything that happened"),
        [_("When, and the first signs of the seal"), _("Who"), _("What")],
        [0, 1, 2],
        rows,
    )


SECTIONS: tuple[Callable[[Words], dict[str, Any]], ...] = (
    _status,
    _agreements,
    _steps,
    dossier_tables.proofs,
    dossier_tables.decisions,
    dossier_tables.notices,
    dossier_tables.messages,
    dossier_tables.files,
    _history,
)
