"""Two plans side by side: what becomes of each step."""

from collections.abc import Iterable
from dataclasses import dataclass

from onboarding.domain.plans import Step

COMPARED = ("title", "owner", "is_reviewed", "evidence", "explanation")


@dataclass(frozen=True, slots=True)
class Pair:
    """A step as it is and as it would be; one of them may be absent."""

    before: Step | None
    after: Step | None

    @property
    def step(self) -> Step:
        """The step as it would be, or as it is where it would be left out."""
        step = self.after or self.before
        assert step is not None
        return step

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_dropped(self) -> bool:
        return self.after is None

    @property
    def days(self) -> int:
        """By how many days it would come later; negative when earlier."""
        if self.before is None or self.after is None:
            return 0
        return (self.after.due_on - self.before.due_on).days

    @property
    def changed(self) -> tuple[str, ...]:
        """What else of it than the day would be another: names of fields."""
        if self.before is None or self.after is None:
            return ()
        before, after = self.before, self.after
        return tuple(name for name in COMPARED if getattr(before, name) != getattr(after, name))

    @property
    def is_changed(self) -> bool:
        return self.is_new or self.is_dropped or self.days != 0 or bool(self.changed)


def side_by_side(before: Iterable[Step], after: Iterable[Step]) -> list[Pair]:
    """The steps together, in the order of the last text; what it leaves out comes last.

    A step of an agreement is known by its milestone, one on the table by its title.
    """
    left = list(before)
    pairs = []
    for step in after:
        same = next((old for old in left if _is_same(old, step)), None)
        if same is not None:
            left.remove(same)
        pairs.append(Pair(same, step))
    return [*pairs, *(Pair(old, None) for old in left)]


def _is_same(old: Step, new: Step) -> bool:
    if old.milestone_id is not None:
        return old.milestone_id == new.milestone_id
    return old.title == new.title
