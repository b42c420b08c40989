"""The description of the operations on the buying status."""

from onboarding.api import operations, parameters
from onboarding.api.fact_schemas import DAY, INSTANT, STATUSES, TEXT, Schema, one_of
from onboarding.domain.tokens import Scope

OF_WHAT_IS_TOLD = "A weak tag of what is told, not of when."


def paths() -> dict[str, Schema]:
    return {
        "/eligibility/{ref}": {"get": _single()},
        "/eligibility": {"get": _several()},
    }


def _single() -> Schema:
    return operations.operation(
        "readEligibility",
        "The buying status of a supplier, on a day, as known at an instant",
        Scope.ELIGIBILITY_READ,
        [
            operations.REF,
            operations.query("on", DAY, "The day; today when absent."),
            operations.query("known_at", INSTANT, "As known at this instant, not in the future."),
            operations.LANGUAGE,
            operations.IF_NONE_MATCH,
        ],
        {"200": operations.told("eligibility", "The status.", OF_WHAT_IS_TOLD)},
        (*operations.NAMED, "not-yet-known", "known-at-in-future"),
    )


def _several() -> Schema:
    return operations.operation(
        "listEligibility",
        "The buying status of all suppliers today, in pages",
        Scope.ELIGIBILITY_READ,
        [
            operations.query("status", one_of(*STATUSES), "Only suppliers with this status."),
            operations.query("cursor", TEXT, "`next_cursor` of the page before."),
            operations.query(
                "limit",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": parameters.MOST,
                    "default": parameters.USUAL,
                },
                "How many on a page.",
            ),
            operations.LANGUAGE,
            operations.IF_NONE_MATCH,
        ],
        {"200": operations.told("eligibility-page", "A page.", OF_WHAT_IS_TOLD)},
        operations.ASKED,
    )
