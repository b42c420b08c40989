"""The description of the operations on suppliers."""

from onboarding.api import operations
from onboarding.api.fact_schemas import TEXT, Schema
from onboarding.domain.tokens import Scope

CHANGED = (
    "request-invalid",
    "precondition-required",
    "precondition-failed",
    "body-too-large",
    "media-type-unsupported",
    "body-invalid",
    "input-invalid",
    "supplier-known",
)
WRITTEN_BODY: Schema = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/supplier-change"}}},
}


def paths() -> dict[str, Schema]:
    return {
        "/suppliers": {"post": _create()},
        "/suppliers/{ref}": {"get": _read(), "put": _put()},
        "/suppliers/{ref}/pathway": {"get": _pathway()},
    }


def _read() -> Schema:
    return operations.operation(
        "readSupplier",
        "A supplier",
        Scope.SUPPLIERS_READ,
        [operations.REF, operations.LANGUAGE, operations.IF_NONE_MATCH],
        {"200": operations.told("supplier", "The supplier.", "A strong tag, for If-Match.")},
        operations.NAMED,
    )


def _pathway() -> Schema:
    return operations.operation(
        "readPathway",
        "The pathway of a supplier with its steps, and whose turn it is",
        Scope.SUPPLIERS_READ,
        [operations.REF, operations.LANGUAGE, operations.IF_NONE_MATCH],
        {"200": operations.told("pathway", "Its pathway, else its last one.", "A strong tag.")},
        (*operations.NAMED, "pathway-unknown"),
    )


def _create() -> Schema:
    operation = operations.operation(
        "createSupplier",
        "Create a supplier, also one from abroad, which has no KvK number",
        Scope.SUPPLIERS_WRITE,
        [operations.LANGUAGE],
        {"201": _created()},
        (*operations.ASKED, *(code for code in CHANGED if not code.startswith("precondition"))),
    )
    operation["description"] += " Needs a `kvk_number` or a `foreign_number`."
    operation["requestBody"] = WRITTEN_BODY
    return operation


def _created() -> Schema:
    created = operations.told("supplier", "A new supplier.", "A strong tag, for If-Match.")
    created["headers"]["Location"] = {"schema": TEXT}
    return created


def _put() -> Schema:
    operation = operations.operation(
        "putSupplier",
        "Change a supplier that was read, or create one with a KvK number",
        Scope.SUPPLIERS_WRITE,
        [operations.REF, operations.LANGUAGE, operations.IF_MATCH, operations.ON_CREATE],
        {
            "200": operations.told(
                "supplier", "The supplier as it is now.", "A strong tag, for If-Match."
            ),
            "201": _created(),
        },
        (*operations.NAMED, *CHANGED),
    )
    operation["requestBody"] = WRITTEN_BODY
    return operation
