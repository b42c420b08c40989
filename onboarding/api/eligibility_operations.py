"""The description of the operations on the buying status."""

from onboarding.api import operations, parameters
from onboarding.api.fact_schemas import DAY, INSTANT, STATUSES, TEXT, Schema, one_of
from onboarding.api.streams import COLUMNS
from onboarding.domain.tokens import Scope

OF_WHAT_IS_TOLD = "A weak tag of what is told, not of when."


def paths() -> dict[str, Schema]:
    return {
        "/eligibility/{ref}": {"get": _single()},
        "/eligibility/{ref}/timeline": {"get": _timeline()},
        "/eligibility/lookup": {"post": _lookup()},
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


def _timeline() -> Schema:
    return operations.operation(
        "readTimeline",
        "What the buying status of a supplier was, is and will be",
        Scope.ELIGIBILITY_READ,
        [
            operations.REF,
            operations.query("known_at", INSTANT, "As known at this instant, not in the future."),
            operations.LANGUAGE,
            operations.IF_NONE_MATCH,
        ],
        {"200": operations.told("timeline", "All periods.", OF_WHAT_IS_TOLD)},
        (*operations.NAMED, "not-yet-known", "known-at-in-future"),
    )


def _lookup() -> Schema:
    operation = operations.operation(
        "lookUpEligibility",
        "The buying status of up to a thousand suppliers, in the order of the question",
        Scope.ELIGIBILITY_READ,
        [operations.LANGUAGE],
        {
            "200": operations.told(
                "looked-up-page",
                "One item for each reference; one that has no answer says why.",
                OF_WHAT_IS_TOLD,
            )
        },
        (
            *operations.ASKED,
            "request-invalid",
            "known-at-in-future",
            "body-too-large",
            "media-type-unsupported",
            "body-invalid",
        ),
    )
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/lookup"}}},
    }
    return operation


def _several() -> Schema:
    return operations.operation(
        "listEligibility",
        "The buying status of all suppliers today: pages of JSON, or all as CSV or NDJSON",
        Scope.ELIGIBILITY_READ,
        [
            operations.query("status", one_of(*STATUSES), "Only suppliers with this status."),
            operations.query(
                "changed_since",
                {"anyOf": [INSTANT, DAY]},
                "Only suppliers of which something that is told here changed after this instant, "
                "or on or after this day: by what was recorded, or because a day came.",
            ),
            operations.query("cursor", TEXT, "`next_cursor` of the page before."),
            operations.query(
                "limit",
                parameters.LIMIT,
                "How many on a page.",
            ),
            operations.LANGUAGE,
            operations.IF_NONE_MATCH,
        ],
        {"200": _page()},
        (*operations.ASKED, "known-at-in-future"),
    )


def _page() -> Schema:
    page = operations.told(
        "eligibility-page",
        "By `Accept`: a page of JSON; or the whole list, without `cursor` and `limit`, as CSV or "
        "NDJSON. NDJSON has an item of the JSON list on each line. CSV has a header, commas, CRLF "
        "and UTF-8; in it, `reasons` and `warnings` are codes with a space between, and text "
        "stands as it is: a name that begins with `=` is not changed, so let a spreadsheet import "
        "the columns as text. A stream that was not ended is not whole.",
        f"{OF_WHAT_IS_TOLD} Not with CSV and NDJSON.",
    )
    page["content"] |= {
        "text/csv": {"schema": TEXT, "example": ",".join(COLUMNS)},
        "application/x-ndjson": {"schema": TEXT},
    }
    return page
