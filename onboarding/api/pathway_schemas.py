"""A pathway as JSON Schema, with what each field means."""

from onboarding.api.fact_schemas import (
    DAY,
    KVK,
    LEVEL,
    MILESTONE,
    NUMBER,
    TEXT,
    Schema,
    object_of,
    one_of,
    or_null,
)
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Side
from onboarding.i18n.turns import STEPS

SIDE = one_of(*(side.value for side in Side))
MILESTONES: dict[str, Schema] = {
    "id": {**or_null(NUMBER), "description": "Permanent once agreed; null on the table."},
    "milestone": MILESTONE,
    "owner": {**SIDE, "description": "Who does it: `outside` is a certifying body."},
    "is_reviewed": {"type": "boolean", "description": "Whether the buyer looks at it."},
    "state": one_of(*(state.value for state in MilestoneState)),
    "is_overdue": {"type": "boolean", "description": "The supplier's, and past its deadline."},
    "due_on": {**DAY, "description": "The agreed day."},
    "first_due_on": {**DAY, "description": "The day that was agreed at first."},
    "deadline_on": {
        **or_null(DAY),
        "description": "The effective deadline: with more time to mend it, a pause and days of "
        "grace counted in. Null when it is done, and while the buyer has to answer first.",
    },
    "rework_on": {**or_null(DAY), "description": "The day by which it is to be completed."},
    "submitted_on": or_null(DAY),
    "accepted_on": or_null(DAY),
}
TURN: dict[str, Schema] = {
    "side": {**or_null(SIDE), "description": "Whose turn it is; null for nobody's."},
    "since": or_null(DAY),
    "step": {
        **or_null(one_of(*STEPS, "milestone")),
        "description": "What comes next; `milestone` is a step of the pathway.",
    },
    "milestone": {**or_null(MILESTONE), "description": "The step that it is about."},
    "due_on": or_null(DAY),
}
PATHWAY: dict[str, Schema] = {
    "ref": {**TEXT, "pattern": "^id-[1-9][0-9]*$", "description": "The tool's own reference."},
    "kvk_number": or_null(KVK),
    "supplier": TEXT,
    "state": {
        **one_of(*(state.value for state in PathwayState)),
        "description": "Over are `completed`, `declined` and `stopped`.",
    },
    "version": {
        **or_null(NUMBER),
        "description": "The number of the version that both sides agreed; null before that.",
    },
    "target": {**or_null(LEVEL), "description": "The level that the pathway leads to."},
    "template": or_null(TEXT),
    "contract": or_null(TEXT),
    "starts_on": DAY,
    "last_day": or_null(DAY),
    "agreed_on": or_null(DAY),
    "window_ends_on": {
        **or_null(DAY),
        "description": "The last day to agree; null while it is not the supplier's turn.",
    },
    "hold": {
        **or_null(object_of({"starts_on": DAY, "ends_on": DAY})),
        "description": "The pause in force or to come; both days are in it.",
    },
    "over_on": or_null(DAY),
    "over_by": or_null(SIDE),
    "turn": object_of(TURN),
    "milestones": {
        "type": "array",
        "items": object_of(MILESTONES),
        "description": "As agreed; before that, as they lie on the table.",
    },
}


def components() -> dict[str, Schema]:
    return {"pathway": object_of(PATHWAY)}
