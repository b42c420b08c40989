"""The dossier as JSON, for programs: codes and facts as they are stored (docs/dossier.md)."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from onboarding.services.dossier.dossiers import Dossier
from onboarding.store.assessments import reasons_as_json
from onboarding.store.tables import MailRow, MessageRow, PathwayVersionRow

FORMAT, VERSION = "onboarding-dossier", 1
OF_PATHWAY = (
    "id state template target starts_on proposed_on agreed_on version_number window_ends_on "
    "over_on over_by over_reason"
)
OF_STEP = (
    "id pathway_id position title owner is_reviewed state original_due_on due_on rework_on "
    "rework_count extension_count submitted_on accepted_on"
)
OF_CERTIFICATE = (
    "id state level thirty_plus starts_on ends_on body register_url reported_by reported_on "
    "verified_on revoked_on reason pathway_target"
)
OF_RENEWAL = (
    "id certificate_id new_certificate_id certificate_ends_on reported_by reported_on accepted_on "
    "refused_on note answer delayed_audit_on"
)
OF_RECOGNITION = "id kind register_url checked_on recheck_on ends_on revoked_on reason"
OF_DECISION = (
    "id kind reason decided_on starts_on ends_on is_urgent announced_on reply reply_made_on "
    "reply_answered_on reply_answer ended_on end_reason state limits asked_on lapses_on "
    "answered_on answer times_told"
)
OF_NOTICE = (
    "id milestone_id missed_on attempt state prepared_on handed_over_at handed_over_on given_by "
    "cure_ends_on clock_decides voided_on reply reply_made_on reply_answered_on reply_answer"
)
OF_FILE = (
    "id milestone_id certificate_id decision_id event_id is_shared sha256 media_type file_name "
    "size uploaded_side uploaded_at removed_at removed_reason"
)


def dossier_json(dossier: Dossier) -> str:
    """Indented, so that a person can read it as well."""
    return json.dumps(dossier_content(dossier), ensure_ascii=False, indent=1)


def dossier_content(dossier: Dossier) -> dict[str, Any]:
    """The documented shape; a field is only ever added to a version of it."""
    kept = dossier.kept
    relation = kept.relation
    return {
        "format": FORMAT,
        "version": VERSION,
        "is_internal": True,
        "made_at": _json(dossier.made_at),
        "made_by": dossier.made_by,
        "customer": kept.customer,
        "supplier": {
            "id": f"id-{relation.id}",
            **_fields(
                relation,
                "name kvk_number country foreign_number city category enrolled_on ended_on "
                "created_on",
            ),
            "former_kvk_numbers": list(kept.former_numbers),
            "merged": [
                {"id": f"id-{one.former_id}", "merged_on": _json(one.merged_on)}
                for one in kept.former_records
            ],
        },
        "history_seal": {"length": dossier.head.length, "sha256": dossier.head.sha256},
        "status_held": [
            {
                "starts_on": _json(one.starts_on),
                "ends_on": _json(one.ends_on),
                "status": one.status.value,
                "reasons": reasons_as_json(one.verdict.reasons),
                "warnings": reasons_as_json(one.verdict.warnings),
                "policy_version": one.verdict.policy_version,
            }
            for one in dossier.held
        ],
        "assessments": [
            {
                **_fields(one, "number starts_on rules_version"),
                "known_from": _json(kept.known_from[one.id]),
                # What was published just now is sealed without its instant still.
                "sha256": one.sha256 if one.known_from is not None else None,
                "periods": [
                    {k: _json(v) for k, v in period.items() if k not in ("id", "assessment_id")}
                    for period in dossier.periods[one.id]
                ],
            }
            for one in kept.assessments
        ],
        "agreements": [_agreement(dossier, one) for one in kept.versions],
        "pathways": [
            {
                **_fields(one, OF_PATHWAY),
                "steps": [
                    _fields(step, OF_STEP) for step in kept.milestones if step.pathway_id == one.id
                ],
            }
            for one in kept.pathways
        ],
        "notices": [_fields(one, OF_NOTICE) for one in kept.notices],
        "certificates": [
            {
                **_fields(one, OF_CERTIFICATE),
                "kvk_numbers": kept.covered[one.id],
                "verified_by": dossier.name_of(one.verified_by),
            }
            for one in kept.certificates
        ],
        "renewals": [_fields(one, OF_RENEWAL) for one in kept.renewals],
        "recognitions": [
            {**_fields(one, OF_RECOGNITION), "checked_by": dossier.name_of(one.checked_by)}
            for one in kept.recognitions
        ],
        "decisions": [
            {
                **_fields(one, OF_DECISION),
                "decided_by": dossier.name_of(one.decided_by),
                "ended_by": dossier.name_of(one.ended_by),
                "asked_by": dossier.name_of(one.asked_by),
                "answered_by": dossier.name_of(one.answered_by),
            }
            for one in kept.decisions
        ],
        "files": [
            {**_fields(one, OF_FILE), "uploaded_by": dossier.name_of(one.uploaded_by)}
            for one in kept.files
        ],
        "messages": [_message(dossier, one, mail) for one, mail in kept.messages],
        "history": [
            {
                **_fields(row, "id chain position at on code facts actor_side channel said_on"),
                "pathway_id": row.pathway_id,
                "milestone_id": row.milestone_id,
                "by": told.who,
                "said_by": told.said_by,
                "is_shared": row.is_shared,
                "sha256": row.sha256,
            }
            for row, told in zip(kept.events, dossier.events, strict=True)
        ],
    }


def _agreement(dossier: Dossier, version: PathwayVersionRow) -> dict[str, Any]:
    def signed(one: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": dossier.name_of(one.get("person_id")),
            "function": one.get("function"),
            "channel": one.get("channel"),
            "signed_at": one.get("signed_at"),
            "recorded_by": dossier.name_of(one.get("recorded_by")),
        }

    return {
        **_fields(version, "pathway_id number agreed_at agreed_on redacted_at"),
        "sha256": version.content_sha256,
        "for_buyer": signed(version.for_buyer),
        "for_supplier": signed(version.for_supplier),
        "content": version.content,
    }


def _message(dossier: Dossier, message: MessageRow, mail: MailRow | None) -> dict[str, Any]:
    return {
        **_fields(message, "id kind milestone_id state owed_at due_at ended_at end_reason"),
        "to": {
            "name": dossier.name_of(message.person_id),
            "role": dossier.role_of(message.person_id),
        },
        "sent_at": _json(mail.sent_at) if mail else None,
        "message_id": mail.message_id if mail else None,
    }


def _fields(row: Any, names: str) -> dict[str, Any]:
    return {name: _json(getattr(row, name)) for name in names.split()}


def _json(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
