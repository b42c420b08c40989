"""The frame of every mail: greeting, closing with name and phone, and why the reader gets it."""

from collections.abc import Sequence

from onboarding.i18n.catalog import mark
from onboarding.mail.values import Block, FootLink, Letter, Message, Text

CHOICE = mark("How often do you want a reminder, and in which language? Choose it here.")
IN_PLACE = mark(
    "You get this because %(person)s is away up to and including %(day)s. You stand in until then."
)
NOT_FOR_THEM = mark("Not the right person for %(supplier)s? Tell us here.")


def letter(
    to: Letter,
    subject: str,
    *blocks: Block | None,
    button: str = "",
    url: str = "",
    last: str = "",
    footer: tuple[str | FootLink, ...] | None = None,
    letters: Sequence[Letter] = (),
) -> Message:
    """A message to `to`; blocks that are None are left out. `letters` are all that travel in it."""
    _ = to.say
    greeting = _("Dear %(name)s,", name=to.name) if to.name else _("Hello,")
    return Message(
        locale=to.locale,
        subject=" ".join(subject.split()),
        greeting=greeting,
        blocks=(*in_place(letters or [to]), *(block for block in blocks if block is not None)),
        button=button,
        url=(url or to.url) if button else "",
        closing=closing(to),
        last=last,
        footer=why(to) if footer is None else footer,
    )


def in_place(letters: Sequence[Letter]) -> list[Text]:
    """Why a deputy gets this: a line for each colleague who is away."""
    found = dict.fromkeys(
        one.say(
            IN_PLACE,
            person=one.in_place_of,
            day=one.day(one.in_place_until),
        )
        for one in letters
        if one.in_place_of
    )
    return [Text(text=text) for text in found]


def closing(to: Letter) -> tuple[str, ...]:
    _ = to.say
    if not to.is_for_supplier or to.buyer is None:
        return (_("Kind regards,"), to.customer)
    lines = (_("Kind regards,"), to.buyer.name, to.customer)
    return (*lines, to.buyer.phone) if to.buyer.phone else lines


def why(to: Letter) -> tuple[str | FootLink, ...]:
    """Why the reader gets this, and what to do when it is not for them."""
    _ = to.say
    if not to.is_for_supplier:
        reason = _("Why do I get this? You work on suppliers for %(customer)s.")
        language = _("Another language? Choose it on the page of your account.")
        return (reason, FootLink(text=language, url=to.choice_url)) if to.choice_url else (reason,)
    reason = _("Why do I get this? You are the contact of %(supplier)s for %(customer)s.")
    wrong: str | FootLink = _("Not the right person? Answer this mail and tell us who is.")
    if to.wrong_person_url:
        wrong = FootLink(text=_("Not the right person? Tell us here."), url=to.wrong_person_url)
    if not to.opens_step:
        return (reason, *choice(to), wrong)
    opens = _(
        "With the link to a step you need no log-in. It works for 14 days, and for that step "
        "only. So do not send this mail on."
    )
    return (opens, reason, *choice(to), wrong)


def choice(to: Letter) -> tuple[FootLink, ...]:
    """Where a contact chooses the rhythm and the language of its mail."""
    return (FootLink(text=to.say(CHOICE), url=to.choice_url),) if to.choice_url else ()


def why_several(letters: Sequence[Letter]) -> tuple[str | FootLink, ...]:
    """The same for a mail about several suppliers: for each a link to say that it is not theirs."""
    to = letters[0]
    of_each = {one.supplier: one for one in reversed(letters)}
    if len(of_each) == 1:
        return why(to)
    _ = to.say
    *first, last = sorted(of_each)
    suppliers = _("%(some)s and %(last)s", some=", ".join(first), last=last)
    reason = _(
        "Why do I get this? You are the contact of %(suppliers)s for %(customer)s.",
        suppliers=suppliers,
    )
    links = [
        FootLink(text=one.say(NOT_FOR_THEM), url=one.wrong_person_url)
        for _name, one in sorted(of_each.items())
        if one.wrong_person_url
    ]
    opens = [why(one)[0] for one in letters if one.opens_step][:1]
    chosen = next((choice(one) for one in letters if one.choice_url), ())
    return (*opens, reason, *chosen, *links)


def reach(to: Letter) -> Text:
    """How to speak with a person: by answering, or by phone."""
    _ = to.say
    if to.buyer is not None and to.buyer.phone:
        return Text(
            text=_(
                "Do you have a question? Answer this mail or call %(buyer)s: %(phone)s.",
                buyer=to.buyer.name,
                phone=to.buyer.phone,
            )
        )
    return Text(text=_("Do you have a question? Answer this mail."))
