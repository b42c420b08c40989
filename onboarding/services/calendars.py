"""Which days are off: the Dutch holidays that a policy observes."""

from datetime import date
from functools import cache

import holidays

from onboarding.domain.policy import Policy
from onboarding.domain.workdays import WorkingCalendar

# Far enough for any pathway and any certificate; a day outside it is off only in a weekend.
YEARS = range(2015, 2061)
GOOD_FRIDAY = "Good Friday"


def calendar_of(policy: Policy) -> WorkingCalendar:
    """The working days under a policy."""
    return WorkingCalendar(days_off(policy.observes_good_friday, policy.observes_liberation_day))


@cache
def days_off(good_friday: bool, liberation_day: bool) -> frozenset[date]:
    """National holidays, with or without the two days on which employers differ.

    5 May is a holiday by law in lustrum years only; here it is the policy's choice in all years.
    """
    national = holidays.country_holidays("NL", years=YEARS, language="en_US")
    days = {
        day
        for day, name in national.items()
        if name != GOOD_FRIDAY and (day.month, day.day) != (5, 5)
    }
    if good_friday:
        days |= {day for day, name in national.items() if name == GOOD_FRIDAY}
    if liberation_day:
        days |= {date(year, 5, 5) for year in YEARS}
    return frozenset(days)
