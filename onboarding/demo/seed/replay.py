"""Lives the demo's history: stories in the order of their days, and the worker's rounds between.

A story is a generator: it does something, yields the day on which it goes on, and so forth. What
it would do today or later it does not do. So the same stories give each day another demo.
"""

import heapq
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zlib import crc32

from sqlalchemy.orm import Session

from onboarding.clock import Clock, Moment
from onboarding.demo.seed.days import MORNING, Days, moment_at
from onboarding.store.database import unit_of_work

Story = Generator[date, None, None]
Round = Callable[[], object]

OPENS, CLOSES = time(8, 40), time(17, 20)
PAUSE = timedelta(minutes=11)


@dataclass(frozen=True)
class ReplayClock(Clock):
    """The application's clock while history is lived; log-ins and links stay on real time."""

    instants: list[Moment] = field(default_factory=list)

    def moment(self) -> Moment:
        return self.instants[-1]

    def set(self, instant: datetime) -> Moment:
        self.instants.append(moment_at(instant))
        return self.moment()


class Scene:
    """What all stories share: the session and the moment of the event that is happening."""

    def __init__(self, clock: ReplayClock, days: Days) -> None:
        self.clock, self.days = clock, days
        self.session: Session

    @property
    def moment(self) -> Moment:
        return self.clock.moment()


@dataclass(order=True)
class _Next:
    """What happens at an instant: a story goes on, or (without one) the worker's round."""

    at: datetime
    number: int
    name: str = field(compare=False)
    story: Story | None = field(compare=False)


def replay(
    scene: Scene, stories: Iterable[tuple[str, Story]], morning: Round, after_event: Round
) -> None:
    """Live everything before now. `morning` is the worker's round of a working day, `after_event`
    what the worker does within the minute after something happened; either may raise to end it.
    """
    days, numbers = scene.days, count()
    queue = [
        _Next(days.at(day, MORNING).astimezone(UTC), next(numbers), "", None)
        for day in days.mornings()
    ]
    first = days.at(days.first, OPENS).astimezone(UTC)
    queue += [_Next(first, next(numbers), name, story) for name, story in stories]
    heapq.heapify(queue)
    until = (days.now - timedelta(minutes=2)).astimezone(UTC)
    while queue:
        here = heapq.heappop(queue)
        if here.at >= until:
            if here.story is not None:
                here.story.close()
            continue
        local = here.at.astimezone(days.now.tzinfo)
        scene.clock.set(local)
        if here.story is None:
            morning()
            continue
        with unit_of_work() as session:
            scene.session = session
            wanted = next(here.story, None)
        after_event()
        if wanted is None:
            continue
        at = _instant(days, here.name, wanted, next(numbers))
        heapq.heappush(queue, _Next(max(at, here.at + PAUSE), next(numbers), here.name, here.story))


def _instant(days: Days, name: str, day: date, number: int) -> datetime:
    """Some minute of the working day, the same each time for the same story."""
    open_minutes = (CLOSES.hour - OPENS.hour) * 60 + CLOSES.minute - OPENS.minute
    minutes = crc32(f"{name} {number}".encode()) % open_minutes
    return (days.at(day, OPENS) + timedelta(minutes=minutes)).astimezone(UTC)
