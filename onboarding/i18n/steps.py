"""What each step of our templates asks: one sentence with an example, and the proof in words."""

from onboarding.i18n.catalog import mark, translate

STEP_NEEDS = {
    "agreement": mark(
        "Sign what we agreed and send it to us, for example as a PDF or a photo of the last page."
    ),
    "account": mark(
        "Make an account at MijnPSO and tell us who looks after this at your company, for example "
        "the office manager."
    ),
    "baseline": mark(
        "Fill in the free self-measurement and send us the totals, for example a screenshot of the "
        "summary, without names."
    ),
    "plan": mark(
        "Write down how you get there and have your management approve it: one or two pages is "
        "enough, for example who does what, and when."
    ),
    "first-placement": mark(
        "Take a first step in practice, for example a work placement, or buying your lunches from "
        "a social enterprise. Send no names of employees."
    ),
    "evidence": mark(
        "Put the papers for the audit in order and tell us that they are ready, for example that "
        "your contracts and hours are up to date. Do not send us the papers themselves."
    ),
    "quote": mark(
        "Ask a certifying body for a quote and choose one, for example one of the bodies that "
        "PSO-Nederland names."
    ),
    "application": mark(
        "Send in your final application and pass on the confirmation, for example the e-mail that "
        "you got."
    ),
    "audit": mark(
        "Tell us on which day the auditor comes, for example by passing on the appointment."
    ),
    "certificate": mark(
        "Send us your certificate as soon as you have it, for example the PDF that you received."
    ),
    "register-check": mark(
        "We look up your certificate in the public register. You need not do anything."
    ),
    "aspirant": mark(
        "Send us the proof of your Aspirant status, for example the PDF that you received."
    ),
    "progress-measurement": mark(
        "Measure again how far you are and send us the totals, for example a screenshot of the "
        "summary, without names."
    ),
    "recertification": mark(
        "Start your next certification and pass on the confirmation, for example the e-mail about "
        "your application."
    ),
    "recertification-audit": mark(
        "Tell us on which day the auditor comes again, for example by passing on the appointment."
    ),
    "target-certificate": mark(
        "Send us the certificate at the level that we agreed, for example the PDF that you "
        "received."
    ),
    "recognition-proof": mark(
        "Show that you are a social enterprise, for example with your page in the register of the "
        "Code Sociale Ondernemingen."
    ),
    "yearly-recheck": mark(
        "Once a year we look whether your recognition still holds. You need not do anything."
    ),
    "exemption": mark(
        "Tell us why you cannot be certified now, for example because you work alone or have just "
        "started."
    ),
    "yearly-contribution": mark(
        "Tell us what you did this year in another way, for example buying from a social "
        "enterprise. Send no names."
    ),
    "yearly-review": mark(
        "Once a year we look together whether this still fits. You need not do anything yet."
    ),
}

EVIDENCE = {
    "signed-agreement": mark("a signed agreement"),
    "declaration": mark("a declaration in your own words"),
    "score-summary": mark("a summary of the scores, without persons"),
    "plan": mark("a plan"),
    "quote": mark("a quote"),
    "confirmation": mark("a confirmation"),
    "audit-date": mark("the day of the audit"),
    "certificate": mark("the certificate as a PDF"),
    "register-record": mark("a record of the check in the register"),
}


def step_need(title: str, locale: str) -> str | None:
    """What a step of our templates asks, with an example; None for the buyer's own step."""
    return translate(STEP_NEEDS[title], locale) if title in STEP_NEEDS else None


def evidence_word(code: str, locale: str) -> str:
    """What is asked as proof; another text than our codes stays as it is."""
    return translate(EVIDENCE[code], locale) if code in EVIDENCE else code
