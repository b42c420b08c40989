"""Templates of pathways: the four that an installation begins with, and the dates that follow."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from onboarding.domain.people import Side
from onboarding.domain.plans import Plan, Step, add_months, on_working_days
from onboarding.domain.policy import Level, Policy
from onboarding.domain.workdays import DAY, WorkingCalendar

DAYS_IN_A_MONTH = 365.25 / 12


class Evidence(StrEnum):
    """What a step asks as proof; never anything about persons."""

    SIGNED_AGREEMENT = "signed-agreement"
    DECLARATION = "declaration"
    SCORE_SUMMARY = "score-summary"
    PLAN = "plan"
    QUOTE = "quote"
    CONFIRMATION = "confirmation"
    AUDIT_DATE = "audit-date"
    CERTIFICATE = "certificate"
    REGISTER_RECORD = "register-record"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStep:
    """A step, `months` and `weeks` after the agreement.

    `title` is a code with words, or a manager's own text. `explanation` tells what we need, with
    an example; without one a code has words for that too. An `is_yearly` step comes back in each
    year after the pathway.
    """

    title: str
    weeks: int = 0
    months: int = 0
    owner: Side = Side.SUPPLIER
    is_reviewed: bool = False
    evidence: tuple[Evidence, ...] = ()
    explanation: str | None = None
    moves_back: bool = False
    is_yearly: bool = False

    def day(self, starts_on: date) -> date:
        return add_months(starts_on, self.months) + timedelta(weeks=self.weeks)

    @property
    def place(self) -> int:
        """About how many days after the agreement it is, to put steps in order."""
        return round(self.months * DAYS_IN_A_MONTH) + self.weeks * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One version of a template. `title` and `summary` are a code with words, or own text.

    `target` is what it leads to by default: this level or the one that the policy requires, if
    that is higher; without one it leads to no certificate.
    """

    code: str
    title: str
    summary: str
    steps: tuple[TemplateStep, ...]
    target: Level | None = None
    version: int = 1

    @property
    def last_step(self) -> TemplateStep:
        """The step that tells how long it takes."""
        return max(self.steps, key=lambda step: step.place)

    @property
    def yearly_steps(self) -> tuple[TemplateStep, ...]:
        return tuple(step for step in self.steps if step.is_yearly)

    def target_under(self, policy: Policy) -> Level | None:
        if self.target is None or self.target.reaches(policy.required_level):
            return self.target
        return policy.required_level


E = Evidence

TO_THE_PLAN = (
    TemplateStep(title="agreement", weeks=2, is_reviewed=True, evidence=(E.SIGNED_AGREEMENT,)),
    TemplateStep(title="account", weeks=4, evidence=(E.CONFIRMATION,)),
    TemplateStep(title="baseline", weeks=8, evidence=(E.SCORE_SUMMARY,)),
    TemplateStep(title="plan", weeks=12, is_reviewed=True, evidence=(E.PLAN,)),
)
TO_THE_AUDIT = (
    TemplateStep(title="evidence", weeks=18, evidence=(E.DECLARATION,)),
    TemplateStep(title="quote", weeks=20, evidence=(E.QUOTE,)),
    TemplateStep(title="application", weeks=21, evidence=(E.CONFIRMATION,)),
    TemplateStep(
        title="audit", weeks=27, owner=Side.OUTSIDE, is_reviewed=True, evidence=(E.AUDIT_DATE,)
    ),
)
REGISTER_CHECK = TemplateStep(
    title="register-check", weeks=32, owner=Side.BUYER, evidence=(E.REGISTER_RECORD,)
)

STRAIGHT = Template(
    code="straight",
    title="straight",
    summary="straight",
    target=Level.TREDE_1,
    steps=(
        *TO_THE_PLAN,
        TemplateStep(title="first-placement", weeks=16, evidence=(E.DECLARATION,)),
        *TO_THE_AUDIT,
        TemplateStep(
            title="certificate",
            weeks=31,
            owner=Side.OUTSIDE,
            is_reviewed=True,
            evidence=(E.CERTIFICATE,),
        ),
        REGISTER_CHECK,
    ),
)

# Aspirant is held for two years from month 7, so it ends in month 31.
THROUGH_ASPIRANT = Template(
    code="through-aspirant",
    title="through-aspirant",
    summary="through-aspirant",
    target=Level.TREDE_1,
    steps=(
        *TO_THE_PLAN,
        *TO_THE_AUDIT,
        TemplateStep(
            title="aspirant",
            months=7,
            owner=Side.OUTSIDE,
            is_reviewed=True,
            evidence=(E.CERTIFICATE,),
        ),
        REGISTER_CHECK,
        TemplateStep(title="first-placement", months=9, evidence=(E.DECLARATION,)),
        TemplateStep(title="progress-measurement", months=13, evidence=(E.SCORE_SUMMARY,)),
        TemplateStep(title="progress-measurement", months=19, evidence=(E.SCORE_SUMMARY,)),
        TemplateStep(title="recertification", months=25, evidence=(E.CONFIRMATION,)),
        TemplateStep(
            title="recertification-audit",
            months=29,
            owner=Side.OUTSIDE,
            is_reviewed=True,
            evidence=(E.AUDIT_DATE,),
        ),
        TemplateStep(
            title="target-certificate",
            months=31,
            owner=Side.OUTSIDE,
            is_reviewed=True,
            evidence=(E.CERTIFICATE,),
            moves_back=True,
        ),
    ),
)

SOCIAL_ENTERPRISE = Template(
    code="social-enterprise",
    title="social-enterprise",
    summary="social-enterprise",
    steps=(
        TemplateStep(
            title="recognition-proof", weeks=4, is_reviewed=True, evidence=(E.DECLARATION,)
        ),
        TemplateStep(
            title="register-check", weeks=6, owner=Side.BUYER, evidence=(E.REGISTER_RECORD,)
        ),
        TemplateStep(
            title="yearly-recheck",
            months=12,
            owner=Side.BUYER,
            evidence=(E.REGISTER_RECORD,),
            is_yearly=True,
        ),
    ),
)

NO_CERTIFICATE = Template(
    code="no-certificate",
    title="no-certificate",
    summary="no-certificate",
    steps=(
        TemplateStep(title="exemption", weeks=4, is_reviewed=True, evidence=(E.DECLARATION,)),
        TemplateStep(
            title="yearly-contribution",
            months=11,
            is_reviewed=True,
            evidence=(E.DECLARATION,),
            is_yearly=True,
        ),
        TemplateStep(title="yearly-review", months=12, owner=Side.BUYER, is_yearly=True),
    ),
)

# What an installation begins with; from then on each customer has its own, in versions.
TEMPLATES: dict[str, Template] = {
    template.code: template
    for template in (STRAIGHT, THROUGH_ASPIRANT, SOCIAL_ENTERPRISE, NO_CERTIFICATE)
}


def schedule(
    template: Template, starts_on: date, calendar: WorkingCalendar, target: Level | None = None
) -> Plan:
    """The template's steps from a start day, each on a working day."""
    steps = tuple(
        Step(
            title=step.title,
            due_on=step.day(starts_on),
            owner=step.owner,
            is_reviewed=step.is_reviewed,
            evidence=tuple(step.evidence),
            explanation=step.explanation,
            moves_back=step.moves_back,
        )
        for step in template.steps
    )
    plan = Plan(
        starts_on=starts_on,
        steps=steps,
        target=target or template.target,
        template=template.code,
        template_version=template.version,
    )
    return on_working_days(plan, calendar)


def certificate_day(plan: Plan) -> date:
    """The day of the last step that brings a certificate, or of the last step of all."""
    brings = [step.due_on for step in plan.steps if Evidence.CERTIFICATE in step.evidence]
    return max(brings or [step.due_on for step in plan.steps])


def schedule_back(
    template: Template, wished_on: date, calendar: WorkingCalendar, target: Level | None = None
) -> Plan:
    """The latest plan whose certificate comes on or before the day wished for."""

    def planned(starts_on: date) -> Plan:
        return schedule(template, starts_on, calendar, target)

    starts_on = wished_on - (certificate_day(planned(wished_on)) - wished_on)
    while certificate_day(planned(starts_on)) > wished_on:
        starts_on -= DAY
    while certificate_day(planned(starts_on + DAY)) <= wished_on:
        starts_on += DAY
    return planned(starts_on)
