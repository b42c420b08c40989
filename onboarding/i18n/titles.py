"""Words for what a pathway is made of: the levels it leads to and the steps of our templates."""

from onboarding.i18n.catalog import mark, translate

LEVELS = {
    "aspirant": mark("Aspirant status"),
    "basis": mark("Basic step"),
    "trede-1": mark("Step 1 on the PSO ladder"),
    "trede-2": mark("Step 2 on the PSO ladder"),
    "trede-3": mark("Step 3 on the PSO ladder"),
}

STEP_TITLES = {
    "agreement": mark("Agreement recorded"),
    "account": mark("MijnPSO account and contact person"),
    "baseline": mark("Baseline measurement"),
    "plan": mark("Action plan approved by the management"),
    "first-placement": mark("First placement, or buying from a social enterprise"),
    "evidence": mark("Evidence and quality requirements in order"),
    "quote": mark("Audit quote and certifying body chosen"),
    "application": mark("Final application"),
    "audit": mark("Audit"),
    "certificate": mark("Certificate"),
    "register-check": mark("Check of the public register"),
    # Template B: through Aspirant status
    "aspirant": mark("Aspirant status obtained"),
    "progress-measurement": mark("Progress measurement"),
    "recertification": mark("Recertification started"),
    "recertification-audit": mark("Audit for recertification"),
    "target-certificate": mark("Certificate at the agreed level"),
    # Template C: a social enterprise, or 30+
    "recognition-proof": mark("Proof of recognition"),
    "yearly-recheck": mark("Yearly check of the recognition"),
    # Template D: who cannot be certified
    "exemption": mark("Exemption with an end date"),
    "yearly-contribution": mark("Yearly contribution in another way"),
    "yearly-review": mark("Yearly review"),
}


def level_word(level: str, locale: str, *, thirty_plus: bool = False) -> str:
    """The level of a certificate: `Trede 3`, `Trede 3 en 30+`. Raises KeyError for another code."""
    text = translate(LEVELS[level], locale)
    return translate("%(level)s and 30+", locale, level=text) if thirty_plus else text


def step_title(title: str, locale: str) -> str:
    """The title of a step: a code of our templates in words, or the buyer's own text as it is."""
    return translate(STEP_TITLES[title], locale) if title in STEP_TITLES else title
