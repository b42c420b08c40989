"""What happened with pathways, steps and notices, in words; see `events`."""

from onboarding.i18n.catalog import mark

# A step that nobody reviews is accepted by whoever hands it in.
UNREVIEWED = "milestone-accepted:unreviewed"

PATHWAY_EVENTS: dict[str, tuple[str, ...]] = {
    # Pathways
    "pathway-drafted": (mark("made a draft of a pathway"),),
    "draft-dropped": (mark("threw the draft of a pathway away"),),
    "pathway-proposed": (mark("proposed a pathway"),),
    "window-set": (
        mark("waits for an answer until %(ends_on)s"),
        mark("waits for an answer"),
    ),
    "pathway-countered": (
        mark("made a counter-proposal: %(reason)s"),
        mark("made a counter-proposal"),
    ),
    "pathway-agreed": (
        mark("agreed to the pathway on %(agreed_on)s"),
        mark("agreed to the pathway"),
    ),
    "pathway-declined": (
        mark("declined the pathway: %(reason)s"),
        mark("declined the pathway"),
    ),
    "pathway-withdrawn": (mark("withdrew the proposal"),),
    "pathway-stopped": (
        mark("stopped the pathway from %(over_on)s: %(reason)s"),
        mark("stopped the pathway"),
    ),
    "next-year-skipped": (
        mark("left out the pathway for the year after: %(reason)s"),
        mark("left out the pathway for the year after"),
    ),
    "pathway-completed": (mark("completed the pathway with this"),),
    "hold-asked": (
        mark("asked for a pause from %(starts_on)s up to and including %(ends_on)s: %(reason)s"),
        mark("asked for a pause: %(reason)s"),
        mark("asked for a pause"),
    ),
    "pathway-held": (
        mark("paused the pathway until %(ends_on)s"),
        mark("paused the pathway"),
    ),
    "hold-refused": (
        mark("did not grant the pause: %(reason)s"),
        mark("did not grant the pause"),
    ),
    "hold-ended": (mark("ended the pause"),),
    "closure-added": (
        mark("is closed from %(starts_on)s up to and including %(ends_on)s"),
        mark("is closed for a while"),
    ),
    "closure-called-off": (
        mark("is open after all from %(starts_on)s up to and including %(ends_on)s"),
        mark("is open after all"),
    ),
    "amendment-proposed": (
        mark("proposed a change of the pathway: %(reason)s"),
        mark("proposed a change of the pathway"),
    ),
    "amendment-countered": (
        mark("proposed another change of the pathway: %(reason)s"),
        mark("proposed another change of the pathway"),
    ),
    "amendment-accepted": (mark("agreed to the change of the pathway"),),
    "amendment-declined": (
        mark("did not agree to the change of the pathway: %(reason)s"),
        mark("did not agree to the change of the pathway"),
    ),
    "amendment-withdrawn": (
        mark("took the proposal for a change of the pathway back: %(note)s"),
        mark("took the proposal for a change of the pathway back"),
    ),
    # Steps
    "milestone-started": (mark("started with %(milestone)s"), mark("started with a step")),
    "milestone-submitted": (mark("handed in %(milestone)s"), mark("handed in a step")),
    "milestone-accepted": (mark("accepted %(milestone)s"), mark("accepted a step")),
    UNREVIEWED: (mark("completed %(milestone)s"), mark("completed a step")),
    "milestone-returned": (
        mark("sent back %(milestone)s, to be completed by %(rework_on)s: %(note)s"),
        mark("sent back a step, to be completed"),
    ),
    "milestone-taken-back": (
        mark("opened again, because it was not handed in: %(milestone)s"),
        mark("opened a step again, because it was not handed in"),
    ),
    "milestone-waived": (
        mark("declared %(milestone)s no longer needed: %(reason)s"),
        mark("declared a step no longer needed"),
    ),
    "date-requested": (
        mark("asked %(wished_on)s instead of %(was_due_on)s for %(milestone)s: %(reason)s"),
        mark("asked %(wished_on)s instead of %(was_due_on)s: %(reason)s"),
        mark("asked for another date"),
    ),
    "outside-delay-reported": (
        mark("reported a delay at the certifying body until %(wished_on)s: %(reason)s"),
        mark("reported a delay at the certifying body"),
    ),
    "request-answered": (
        mark("set the new date: %(granted_on)s"),
        mark("kept the date as it was: %(was_due_on)s"),
        mark("answered the request for another date"),
    ),
    "request-withdrawn": (
        mark("took the request for %(wished_on)s back; agreed is %(was_due_on)s"),
        mark("took the request for another date back"),
    ),
    # Notices
    "notice-prepared": (
        mark("prepared a warning with time to repair, planned for %(planned_on)s"),
        mark("prepared a warning with time to repair"),
    ),
    "notice-held": (mark("held the warning: %(reason)s"), mark("held the warning")),
    "notice-released": (
        mark("released the warning, planned for %(planned_on)s"),
        mark("released the warning"),
    ),
    "notice-line-added": (mark("added a line to the warning"),),
    "notice-superseded": (mark("set the warning aside; it is written anew"),),
    "notice-handed-over": (
        mark("gave the warning; there is time to repair until %(cure_ends_on)s"),
        mark("gave the warning with time to repair"),
    ),
    "notice-voided": (mark("declared the warning void"),),
    "notice-replied": (mark("replied to the warning"),),
    "notice-reply-answered": (mark("answered the reply to the warning"),),
}
