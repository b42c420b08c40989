"""The digest of a supplier's contact: which steps come due, most urgent first."""

from collections.abc import Sequence
from datetime import date

from onboarding.i18n import translate_plural
from onboarding.i18n.catalog import mark
from onboarding.mail.frame import letter, why_several
from onboarding.mail.values import Block, Facts, Item, Items, Letter, Message, Text

HEADING = mark("For %(supplier)s:")
NAMES_CONSEQUENCES = 3  # days before the day itself


def milestone_reminders(lines: Sequence[tuple[Letter, Facts]]) -> Message:
    """One mail for all steps that a contact must be reminded of; `lines` is not empty.

    The next step comes first; what happens when it gets late is named only from three days before.
    """
    ordered = sorted(lines, key=lambda line: (_due(line), line[0].title))
    to = ordered[0][0]
    _ = to.say
    due = _due(ordered[0])
    days = (due - to.today).days
    num = len(ordered)
    if days < 0:
        subject = _("%(step)s is past its day: what do you need?", step=to.title)
    elif days == 0:
        subject = _("%(step)s: please today", step=to.title)
    else:
        subject = _("%(step)s: please no later than %(day)s", step=to.title, day=to.day(due))
    one = num == 1
    of_supplier: dict[str, list[tuple[Letter, Facts]]] = {}
    for line in ordered:  # the supplier of the most urgent step stands first
        of_supplier.setdefault(line[0].supplier, []).append(line)
    is_about_several = len(of_supplier) > 1
    blocks: list[Block] = []
    for its in of_supplier.values():
        if is_about_several:
            blocks.append(Text(text=its[0][0].say(HEADING)))
        blocks.append(Items(items=tuple(_item(*line) for line in its)))
    return letter(
        to,
        subject,
        Text(
            text=translate_plural(
                "One step is ready for you.", "%(num)s steps are ready for you.", num, to.locale
            )
        ),
        *blocks,
        _consequences(to, days),
        _cannot(to),
        button=_("Look at my step") if one else _("Look at my steps"),
        url=to.url if one else (to.start if is_about_several else to.home),
        footer=why_several([line[0] for line in ordered]),
        letters=[line[0] for line in ordered],
    )


def _due(line: tuple[Letter, Facts]) -> date:
    to, facts = line
    return facts.day("deadline_on") or to.today


def _item(to: Letter, facts: Facts) -> Item:
    _ = to.say
    due = _due((to, facts))
    late = due < to.today
    when = (
        _("was due on %(day)s, %(late)s", day=to.day(due), late=to.late(due))
        if late
        else _("no later than %(day)s, %(far)s", day=to.day(due), far=to.far(due))
    )
    return Item(title=to.title, when=when, text=to.asked, url=to.url, is_late=late)


def _consequences(to: Letter, days: int) -> Text | None:
    _ = to.say
    if days > NAMES_CONSEQUENCES:
        return None
    if days < 0:
        return Text(
            lead=_("What happens now?"),
            text=_(
                "We still buy from you as usual. We call you soon. If a solution stays away, a "
                "warning follows with time to repair it."
            ),
        )
    return Text(
        lead=_("What if it gets late?"),
        text=_(
            "Then we call you first. After that a warning with time to repair it can follow. Tell "
            "us before the day what you need, and nothing changes."
        ),
    )


def _cannot(to: Letter) -> Text:
    _ = to.say
    lead = _("Can you not make a day?")
    if to.buyer is not None and to.buyer.phone:
        text = _(
            "Answer this mail or call %(buyer)s: %(phone)s. Then we look at it together.",
            buyer=to.buyer.name,
            phone=to.buyer.phone,
        )
    else:
        text = _("Answer this mail. Then we look at it together.")
    return Text(lead=lead, text=text)
