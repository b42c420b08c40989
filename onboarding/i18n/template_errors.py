"""What goes wrong with templates, in words that say what to do: part of the codes of errors."""

from onboarding.i18n.catalog import mark

TEMPLATE_ERRORS: dict[str, tuple[str, ...]] = {
    "input-invalid:no-steps": (mark("There must be at least one step. Add one."),),
    "input-invalid:too-many-steps": (
        mark("Use %(most)s steps at most."),
        mark("These are too many steps."),
    ),
    "input-invalid:not-whole": (
        mark("Step %(step)s: fill in a whole number, such as 12."),
        mark("Fill in a whole number, such as 12."),
    ),
    "input-invalid:no-moment": (
        mark("Step %(step)s: say after how many weeks or months."),
        mark("Say after how many weeks or months."),
    ),
    "input-invalid:before-previous": (
        mark("Step %(step)s comes before the step above it. Move it up, or choose a later moment."),
        mark("This comes before the step above it. Move it up, or choose a later moment."),
    ),
    "input-invalid:beyond-longest": (
        mark(
            "Step %(step)s: the policy lets a pathway last %(months)s months at most. Choose an "
            "earlier moment."
        ),
        mark("The policy lets a pathway last %(months)s months at most. Choose an earlier moment."),
        mark("This is later than the policy lets a pathway last. Choose an earlier moment."),
    ),
    "input-invalid:unknown-code": (
        mark("Step %(step)s: %(given)s is not one of the choices."),
        mark("%(given)s is not one of the choices."),
        mark("This is not one of the choices."),
    ),
    "input-invalid:start-has-passed": (
        mark(
            "For that you should have begun on %(start)s. Begun now, it is there on %(earliest)s: "
            "choose that day or a later one."
        ),
        mark("For that you should have begun already. Choose a later day."),
    ),
    "input-invalid:not-to-choose": (
        mark("This template cannot be chosen any more. Choose another one."),
    ),
    "input-invalid:unreadable-template": (
        mark("Version %(version)s of the template %(template)s cannot be read."),
        mark("This template cannot be read."),
    ),
}
