"""Stories told in a browser: who is in them, and what programs read after each step."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from onboarding.store.database import db
from onboarding.store.tables import MilestoneRow
from tests.browser.living import LINK, Visitor, World, a_file
from tests.files import a_pdf

KVK = "17037842"
BUYER, MANAGER = "bram@klant.example", "marit@klant.example"
SUPPLIER = "jan@linde.example"
PASSWORD = "vier gewone woorden samen"
ACTIONS = {
    **dict.fromkeys(("preferred", "eligible", "conditional", "out-of-scope"), "allow"),
    **dict.fromkeys(("at-risk", "undecided"), "warn"),
    "ineligible": "block",
}


@dataclass
class Story:
    """A buyer, a manager and a supplier, and what programs read of the supplier after each step."""

    world: World
    buyer: Visitor
    manager: Visitor
    supplier: Visitor
    kvk_number: str = KVK
    warnings: tuple[str, ...] = ()

    def reads(
        self, status: str, code: str, since: str, until: Any = None, then: Any = None, **facts: Any
    ) -> None:
        """What a program is told now, and will be told of this day for ever."""
        told = self.world.read(self.kvk_number)
        day = self.world.clock.moment().today
        self.world.told[day] = told
        assert [told["status"], told["since"], told["until"], told["then"]] == [
            status,
            since,
            until,
            then,
        ], told
        assert told["action"] == ACTIONS[status]
        assert told["eligible"] is (told["action"] != "block")
        assert told["applies_to"] == ["new-orders"] and told["as_of"] == day.isoformat()
        [reason] = told["reasons"]
        assert reason["code"] == code and reason["text"]
        assert {name: reason["facts"].get(name) for name in facts} == facts, told
        assert told["kvk_number"] == self.kvk_number, told
        assert [one["code"] for one in told["warnings"]] == list(self.warnings), told

    def step(self, title: str) -> int:
        with self.world.app.app_context():
            found = db.session.scalars(
                select(MilestoneRow.id).where(MilestoneRow.title == title)
            ).one()
            db.session.rollback()
            return found

    def mailed(self, kind: str, to: str, since: date | None = None) -> int:
        return len(self.world.mailed(kind, to, since))

    def mail_link(self, kind: str, to: str, path: str) -> str:
        """The link below `path` in the last such mail."""
        body = self.world.mailed(kind, to)[-1].get_body(("plain",))
        assert body is not None
        found = [url for url in LINK.findall(body.get_content()) if f"/{path}/" in url]
        return found[0].rstrip(".")

    def heard(self, act: str, **fields: Any) -> None:
        """The buyer records what the supplier said."""
        self.buyer.open("/suppliers/1")
        self.buyer.follow("/suppliers/1/contact")
        self.buyer.follow(f"/suppliers/1/contact/{act}")
        self.buyer.send(**fields)
        self.world.post()

    def hands_in(self, title: str, file: str = "bewijs.pdf") -> None:
        """The supplier submits a step, with a file."""
        self.supplier.open(f"/portal/1/steps/{self.step(title)}")
        self.supplier.send(
            button="button[value=send]",
            note="Zie het bestand.",
            files=a_file(file, a_pdf(f"Bewijs van {title}")),
            is_clean=True,
        )
        self.world.post()

    def accepts(self, title: str) -> None:
        self.buyer.open(f"/milestones/{self.step(title)}")
        self.buyer.send(f"/milestones/{self.step(title)}/accept")
        self.world.post()

    def passed_days_never_change(self) -> None:
        """Of each day that was read the answer is the same, but for what is foretold and for the
        number that the supplier has now.
        """
        for day, then in self.world.told.items():
            now = self.world.read(self.kvk_number, on=day)
            later = {name: now[name] for name in ("until", "then", "known_at", "kvk_number")}
            assert now == {**then, **later}, day
