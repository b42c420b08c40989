"""Words about doing one thing to many suppliers: what it is, how far each is, and why not."""

from onboarding.i18n.catalog import mark

ACTIONS = {
    "enrol": mark("Take into the programme"),
    "take-out": mark("Take out of the programme"),
    "assign": mark("Assign a buyer"),
    "propose": mark("Propose a pathway, in waves"),
}

ITEMS = {
    "waiting": mark("still to do"),
    "planned": mark("planned"),
    "done": mark("done"),
    "refused": mark("not done"),
    "undone": mark("taken back"),
    "kept": mark("stays as it is"),
}

# Why nothing is done to a supplier, or nothing taken back: sentences of `i18n.errors`.
REFUSALS: dict[str, tuple[str, ...]] = {
    "bulk-refused": (mark("Nothing was done here. Look at the supplier's page."),),
    "bulk-refused:ended": (mark("The relation has ended, or will."),),
    "bulk-refused:enrolled": (mark("In the programme already."),),
    "bulk-refused:not-enrolled": (mark("Not in the programme."),),
    "bulk-refused:pathway-open": (mark("A pathway was proposed or agreed."),),
    "bulk-refused:draft-open": (mark("A draft of a pathway is there already."),),
    "bulk-refused:meets-already": (mark("Meets what we ask already."),),
    "bulk-refused:no-contact": (mark("No contact with a working e-mail address."),),
    "bulk-refused:same-buyer": (mark("With this buyer already."),),
    "bulk-refused:proposed-already": (mark("Somebody proposed the pathway by hand."),),
    "bulk-refused:taken-out": (mark("Taken out of the programme meanwhile."),),
    "bulk-refused:person-left": (
        mark("Whoever asked for this may not do it any more. Begin it again yourself."),
    ),
    "bulk-refused:changed-since": (mark("Somebody changed it since."),),
    "bulk-refused:sent": (
        mark("The proposal has gone out. It can be withdrawn on the supplier's page."),
    ),
    "bulk-refused:draft-changed": (
        mark("Somebody worked on the draft, so it stays. It is not sent by itself any more."),
    ),
    "input-invalid:waves-too-far": (
        mark("The last wave would come after %(latest)s. Make the waves larger, or closer."),
        mark("The last wave is too far ahead. Make the waves larger, or closer."),
    ),
}
