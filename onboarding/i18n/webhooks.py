"""Webhooks in words: what became of a delivery, what is refused, and what was done."""

from onboarding.i18n.catalog import mark, translate

TROUBLE = {
    "name-not-found": mark("The name of the server is not known."),
    "address-refused": mark("The name leads to an address inside a network. We do not send there."),
    "no-connection": mark("The server takes no connection."),
    "certificate-refused": mark("The certificate of the server is not right."),
    "timeout": mark("The server gave no answer within 10 seconds."),
    "no-answer": mark("The server broke off the connection."),
    "redirected": mark("The server points to another address. We do not follow that."),
    "gone": mark("The receiver says that it is gone for good."),
    "status": mark("The receiver did not take it."),
}
STATES = {
    "waiting": mark("waits"),
    "delivered": mark("arrived"),
    "dead": mark("given up"),
}
WEBHOOK_ERRORS: dict[str, tuple[str, ...]] = {
    "input-invalid:webhook-url": (
        mark("This is no address to send to. It looks like https://erp.example.nl/webhooks."),
    ),
    "input-invalid:webhook-https": (mark("The address has to begin with https://."),),
    "input-invalid:webhook-inside": (
        mark("This address is inside a network. Webhooks go to the internet only."),
    ),
    "input-invalid:too-many-webhooks": (
        mark("There are %(most)s addresses already. Use one of these."),
        mark("There are enough addresses already. Use one of these."),
    ),
}
WEBHOOK_EVENTS: dict[str, tuple[str, ...]] = {
    "webhook-added": (
        mark("had changes sent to %(url)s"),
        mark("had changes sent to an address"),
    ),
    "webhook-changed": (
        mark("changed a webhook; it goes to %(url)s"),
        mark("changed a webhook"),
    ),
    "webhook-secret-renewed": (
        mark("renewed the secret of the webhook to %(url)s"),
        mark("renewed the secret of a webhook"),
    ),
    "webhook-disabled": (
        mark("switched off the webhook to %(url)s"),
        mark("switched off a webhook"),
    ),
    "webhook-enabled": (
        mark("switched on the webhook to %(url)s"),
        mark("switched on a webhook"),
    ),
}


def trouble_text(code: str, locale: str) -> str:
    """Why a delivery did not arrive."""
    return translate(TROUBLE.get(code, TROUBLE["no-answer"]), locale)


def delivery_state(code: str, locale: str) -> str:
    return translate(STATES[code], locale)
