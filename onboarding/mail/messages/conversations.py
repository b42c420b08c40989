"""Mails to the supplier about what is said beside the steps: answers, notes, a text taken away."""

from onboarding.i18n import translate_plural
from onboarding.mail.frame import letter, reach
from onboarding.mail.messages.steps import quote
from onboarding.mail.values import Facts, Letter, Message, Text


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
