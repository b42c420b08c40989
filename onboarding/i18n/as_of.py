"""Why there is no answer for a day at an instant: sentences of `i18n.errors`."""

from onboarding.i18n.catalog import mark

AS_OF_ERRORS: dict[str, tuple[str, ...]] = {
    "input-invalid:instant-to-come": (
        mark("Nobody knows yet what we will know then. Choose an instant up to now."),
    ),
    "input-invalid:not-known-then": (
        mark("We did not know this supplier then. It was added on %(since_on)s."),
        mark("We did not know this supplier then."),
    ),
    "input-invalid:no-relation-then": (
        mark("For this day nothing was held: we know this supplier since %(since_on)s."),
        mark("For this day nothing was held: we did not know this supplier yet."),
    ),
}
