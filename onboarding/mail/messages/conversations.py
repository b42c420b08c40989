"""Mails to the supplier about what is said beside the steps: answers, notes, a text taken away."""

from onboarding.i18n import translate_plural
from onboarding.mail.frame import letter, reach
from onboarding.mail.messages.steps import quote
from onboarding.mail.values import Facts, Item, Letter, Message, Text


def answer(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("An answer to your question about %(step)s", step=to.title)
        if to.step
        else _("An answer to your question"),
        Text(text=_("You asked:")) if facts.has("question") else None,
        quote(facts, "question"),
        Text(text=_("Our answer:")),
        quote(facts, "answer", "text", "note"),
        with_files(to, facts),
        reach(to),
        button=_("Go to your page"),
    )


def note(to: Letter, facts: Facts) -> Message:
    """What a buyer wrote of its own accord and shares."""
    _ = to.say
    return letter(
        to,
        _("A message about %(step)s", step=to.title) if to.step else _("A message for you"),
        Text(text=_("We wrote this for you:")),
        quote(facts, "note"),
        with_files(to, facts),
        reach(to),
        button=_("Go to your page"),
    )


def text_redacted(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("We removed a text: it held personal data"),
        Text(
            text=_(
                "In a text that you wrote we saw personal data. We may not keep that. So we "
                "removed the text everywhere. Only the moment and the reason are kept."
            )
        ),
        quote(facts, "reason"),
        Text(
            lead=_("What do we ask?"),
            text=_(
                "Is the text still needed? Then write it again, without names of employees, "
                "citizen service numbers or anything about health. This does not count against "
                "you. Do you still have the mail with that text? Please delete it too."
            ),
        ),
        reach(to),
        button=_("Go to your page") if to.is_for_supplier else _("Open it"),
    )


def personal_data_reported(to: Letter, facts: Facts) -> Item:
    """A line for the managers; what it says stands on the page only."""
    _ = to.say
    return Item(
        title=_("%(supplier)s reports personal data"),
        text=_("Look at it and take it out: it can be a data leak."),
        url=to.url,
        is_late=True,
    )


def personal_data_answered(to: Letter, facts: Facts) -> Message:
    """To who reported it: it is gone, or it stands and why."""
    _ = to.say
    if facts.has("answer"):
        return letter(
            to,
            _("We looked at what you reported"),
            Text(
                text=_(
                    "You told us that a file holds personal data. We looked at it, and it stays. "
                    "This is why:"
                )
                if facts.has("is_file")
                else _(
                    "You told us that a text holds personal data. We looked at it, and it stays. "
                    "This is why:"
                )
            ),
            quote(facts, "answer"),
            reach(to),
            button=_("Go to your page"),
        )
    return letter(
        to,
        _("We removed what you reported"),
        Text(
            text=_("You told us that a file holds personal data. We removed it everywhere.")
            if facts.has("is_file")
            else _("You told us that a text holds personal data. We removed it everywhere.")
        ),
        Text(
            text=_(
                "Thank you for telling us. Do you still have it yourself, in a mail or as a copy? "
                "Please delete that too."
            )
        ),
        reach(to),
        button=_("Go to your page"),
    )


def with_files(to: Letter, facts: Facts) -> Text | None:
    """That there are files; they are not mailed, so that only who may see them does."""
    text = files_told(to, facts)
    return Text(text=text) if text else None


def files_told(to: Letter, facts: Facts) -> str:
    number = facts.number("files")
    if not number:
        return ""
    return translate_plural(
        "%(num)s file goes with it. You see it when you log in.",
        "%(num)s files go with it. You see them when you log in.",
        number,
        to.locale,
    )
