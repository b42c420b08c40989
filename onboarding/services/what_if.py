"""What if: how a supplier's status would run if something were done. Nothing is recorded."""

from dataclasses import dataclass

from onboarding.clock import Moment
from onboarding.domain.eligibility import Difference, Period, differences, project, runs
from onboarding.domain.eligibility.supposing import Supposed, suppose
from onboarding.services.foresight import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The status now and then, from today on, each with the notices that would go out by then."""

    now: tuple[Period, ...]
    then: tuple[Period, ...]
    differences: tuple[Difference, ...]

    def differs(self, period: Period) -> bool:
        """Whether any day of the period is told otherwise in the other timeline."""
        return any(
            one.starts_on <= period.ends_on and period.starts_on <= one.ends_on
            for one in self.differences
        )


def what_if(known: Known, moment: Moment, supposed: Supposed) -> WhatIf:
    """Both timelines, with what is expected of notices not yet sent. Raises InputInvalid."""
    facts, policies = suppose(known.facts, known.policies, supposed, moment.today)
    now = project(known.facts, known.policies, moment.today, known.closures).periods
    then = project(facts, policies, moment.today, known.closures).periods
    return WhatIf(now=runs(now), then=runs(then), differences=differences(now, then))
