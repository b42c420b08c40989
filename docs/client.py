#!/usr/bin/env python3
"""How a purchasing system uses the feed: a small client, with nothing but Python itself.

    ONBOARDING_API=https://… ONBOARDING_TOKEN=onb_… python3 client.py 17037842
    ONBOARDING_API=https://… ONBOARDING_TOKEN=onb_… python3 client.py --follow

It asks with the ETag of the last answer, so that mostly nothing is sent. When the tool is down it
gives the last answer with its age. When there is none, or it is older than your policy allows, it
says `warn`: a person looks. Silence is never a block.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WAIT = 3  # seconds: who orders does not wait longer
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Advice:
    """What to do with a new order: `allow`, `warn` or `block`; `answer` is what the tool told.

    `age` is how many seconds ago that was: 0 when it was told just now, None when it never was.
    Read `action`, not `answer["eligible"]`: that one is true on doubt as well.
    """

    action: str
    answer: dict[str, Any] | None
    age: float | None


class Client:
    """`Client(api, token, kept).may_we_buy("17037842").action`."""

    def __init__(self, api: str, token: str, kept: Path, oldest: float = 3 * DAY) -> None:
        """`kept` is a file for answers; `oldest` is how old one may be when the tool is down."""
        self.api, self.token, self.kept, self.oldest = api.rstrip("/"), token, kept, oldest

    def may_we_buy(self, ref: str) -> Advice:
        """Ask about one supplier, named as `17037842`, `id-17` or `creditor-FS10023`."""
        known = self._read()
        last = known.get(ref)
        try:
            answer, etag = self._get(f"/eligibility/{ref}", last["etag"] if last else None)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                raise  # a mistake of ours, such as a supplier that is not known: say so
            return self._without_answer(last)
        except OSError:  # not reachable, or too slow
            return self._without_answer(last)
        if answer is None:
            assert last is not None  # 304: as it was
            answer, etag = last["answer"], last["etag"]
        known[ref] = {"answer": answer, "etag": etag, "told_at": time.time()}
        self._write(known)
        return Advice(answer["action"], answer, 0)

    def _without_answer(self, last: dict[str, Any] | None) -> Advice:
        if last is None:
            return Advice("warn", None, None)
        age = time.time() - last["told_at"]
        action = last["answer"]["action"] if age <= self.oldest else "warn"
        return Advice(action, last["answer"], age)

    def changes(self) -> Iterator[dict[str, Any]]:
        """Every change of a status since the last time, in order.

        A program that copies suppliers asks with `?types=eligibility.changed,supplier.changed`, and
        at a `supplier.changed` reads `/suppliers/{ref}` anew. What it does not know it skips.

        Where it was is written down after you handled an event: after a crash the last one comes
        again. So handle an event by what it says, not by counting.
        """
        known = self._read()
        while True:
            after = known.get("after")
            page, _ = self._get(f"/events?after={after}" if after else "/events", None)
            for event in page["items"] if page else []:
                if event["type"] == "eligibility.changed":
                    yield event
                known = {**self._read(), "after": event["id"]}
                known.pop(event["kvk_number"], None)  # ask anew when somebody orders
                self._write(known)
            if not page or page["next_cursor"] is None:
                return

    def _get(self, path: str, etag: str | None) -> tuple[dict[str, Any] | None, str]:
        """The answer with its ETag; None where nothing changed since `etag`."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if etag:
            headers["If-None-Match"] = etag
        request = urllib.request.Request(self.api + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=WAIT) as response:
                return json.load(response), response.headers.get("ETag", "")
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return None, etag or ""
            raise

    def _read(self) -> dict[str, Any]:
        return json.loads(self.kept.read_text()) if self.kept.exists() else {}

    def _write(self, known: dict[str, Any]) -> None:
        beside = self.kept.with_suffix(".new")
        beside.write_text(json.dumps(known))
        beside.replace(self.kept)  # whole, or not at all


def main() -> None:
    kept = Path(os.environ.get("ONBOARDING_KEPT", "onboarding-answers.json"))
    client = Client(os.environ["ONBOARDING_API"], os.environ["ONBOARDING_TOKEN"], kept)
    if sys.argv[1:] == ["--follow"]:
        for event in client.changes():
            print(event["starts_on"], event["supplier"], event["to_status"])
        return
    for ref in sys.argv[1:]:
        advice = client.may_we_buy(ref)
        told = "never told" if advice.age is None else f"told {advice.age / 60:.0f} minutes ago"
        print(ref, advice.action, f"({told})")
        for reason in advice.answer["reasons"] if advice.answer else []:
            print("  ", reason["text"])


if __name__ == "__main__":
    main()
