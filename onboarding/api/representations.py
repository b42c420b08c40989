"""Values as JSON: the public contract, field for field."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from onboarding.domain.divisions import DivisionLine
from onboarding.domain.eligibility import Action, Period, Reason, action
from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.domain.references import own_ref
from onboarding.i18n import reason_text
from onboarding.services.feed.eligibility_answers import TimelineAnswer
from onboarding.services.feed.supplier_records import SupplierRecord
from onboarding.services.feed.told_events import APPLIES_TO as APPLIES_TO
from onboarding.services.feed.told_events import event as event
from onboarding.services.feed.told_events import facts_told
from onboarding.services.feed.told_events import instant as instant

# When it is told is not what is told.
OF_THE_MOMENT = frozenset({"as_of", "known_at"})


def reason(one: Reason, locale: str) -> dict[str, Any]:
    """A reason or a warning: its code, words for people, and its facts."""
    text = reason_text(one.code, one.facts, locale)
    return {"code": one.code, "text": text, "facts": facts_told(one)}


def timeline(answer: TimelineAnswer, locale: str) -> dict[str, Any]:
    """What the status of a supplier was, is and will be."""
    return {
        "kvk_number": answer.kvk_number,
        "supplier": answer.name,
        "periods": [_period(one, locale) for one in answer.periods],
        "as_of": answer.on.isoformat(),
        "known_at": instant(answer.known_at),
    }


def _period(period: Period, locale: str) -> dict[str, Any]:
    verdict = period.verdict
    todo = action(verdict.status)
    return {
        "since": period.starts_on.isoformat(),
        "until": period.ends_on.isoformat() if period.ends_on < END_OF_TIME else None,
        "status": verdict.status.value,
        "eligible": todo is not Action.BLOCK,
        "action": todo.value,
        "applies_to": APPLIES_TO,
        "reasons": [reason(one, locale) for one in verdict.reasons],
        "warnings": [reason(one, locale) for one in verdict.warnings],
        "policy_version": verdict.policy_version,
    }


def weak_tag(*told: Mapping[str, Any] | str | None) -> str:
    """A tag of what is told, not of when."""
    lasting = [
        {name: value for name, value in one.items() if name not in OF_THE_MOMENT}
        if isinstance(one, Mapping)
        else one
        for one in told
    ]
    return _digest(lasting)


def strong_tag(told: Mapping[str, Any]) -> str:
    """A tag of every byte of it."""
    return _digest(told)


def text_tag(text: str) -> str:
    """A tag of what was written already."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _digest(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return text_tag(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def supplier(record: SupplierRecord) -> dict[str, Any]:
    """What the customer holds of a supplier; spend in euros a year."""
    values = record.values
    return {
        "ref": own_ref(record.relation_id),
        "kvk_number": values["kvk_number"],
        "former_kvk_numbers": list(record.former_kvk_numbers),
        "name": values["name"],
        "country": values["country"],
        "foreign_number": values["foreign_number"],
        "city": values["city"],
        "category": values["category"],
        "division": values["division"],
        "spend": float(values["spend"]) if values["spend"] is not None else None,
        "contract": values["contract"],
        "alternative": values["alternative"],
        "has_no_alternative": values["has_no_alternative"],
        "buyer": record.buyer,
        "creditor_numbers": [
            {"division": one.division, "number": one.number} for one in values["creditor_numbers"]
        ],
        "divisions": [_division(line, record.emails) for line in values["divisions"]],
        "enrolled_on": record.enrolled_on.isoformat() if record.enrolled_on else None,
        "ended_on": record.ended_on.isoformat() if record.ended_on else None,
    }


def _division(line: DivisionLine, emails: Mapping[int, str | None]) -> dict[str, Any]:
    return {
        "division": line.division,
        "site": line.site,
        "buyer": emails.get(line.buyer_id or 0),
        "contract": line.contract,
        "contract_ends_on": line.contract_ends_on.isoformat() if line.contract_ends_on else None,
        "spend": [{"year": one.year, "amount": float(one.amount)} for one in line.spend],
    }
