"""What is owed, sent as somebody would by hand: a loop, one `smtplib` connection, plain SQL.

It renders the same mails by the same templates and makes the same four commits for each, with the
same rows: the links, the mail that is kept, the lease before the hand-over, and what came of it;
with the second and the third the counts of the person and of the domain. It asks nothing: no
freshness, no limits, no other workers, no refusals.
"""

import json
import smtplib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from onboarding.clock import Moment
from onboarding.domain.access import LASTS, ONE_CLICK, LinkPurpose, link_path, link_token
from onboarding.domain.agendas import AgendaDay, DayKind, step_sequence
from onboarding.domain.mail_limits import day_of, minute_of
from onboarding.domain.messages import REMINDERS, MessageKind
from onboarding.domain.people import Side
from onboarding.mail.envelope import Attachment, Envelope, message_id, to_bytes
from onboarding.mail.messages import Line, write
from onboarding.mail.values import Colleague, Facts, Letter
from onboarding.services.mail.agenda_files import Place, Published, Reader, mailed_file
from onboarding.services.mail.letters import Sender, given_name
from onboarding.services.sessions import sha256

LEASE = timedelta(minutes=5)
OWED = """
SELECT m.id, m.key, m.kind, m.facts, m.relation_id, m.milestone_id, m.person_id, m.customer_id,
       q.name, q.email, q.locale, c.name, r.name, s.title, s.pathway_id, b.name, b.email, b.phone
FROM messages m
JOIN persons q ON q.id = m.person_id
JOIN organisations c ON c.id = m.customer_id
JOIN relations r ON r.id = m.relation_id
JOIN persons b ON b.id = r.buyer_id
LEFT JOIN milestones s ON s.id = m.milestone_id
WHERE m.state = 'queued'
ORDER BY m.id
"""
STEPS = """
SELECT m.id, m.due_on, m.title, m.owner, m.calendar_number, p.agreed_on
FROM milestones m JOIN pathways p ON p.id = m.pathway_id
WHERE m.pathway_id = %s ORDER BY m.position
"""
COUNT = """
INSERT INTO mail_allowances (who, starts_at, used) VALUES (%s, %s, 1)
ON CONFLICT (who, starts_at) DO UPDATE SET used = mail_allowances.used + 1
"""


class ByHand:
    """Over one connection of the database's own driver, and one to the mail server."""

    def __init__(self, engine: Engine, moment: Moment, sender: Sender, port: int) -> None:
        self.connection = engine.raw_connection()
        self.cursor = self.connection.cursor()
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.moment, self.sender = moment, sender
        self.smtp = smtplib.SMTP("127.0.0.1", port)

    def close(self) -> None:
        self.smtp.quit()
        self.connection.close()

    def deliver(self) -> int:
        """Send all that is owed; returns how many mails that were."""
        mails: dict[int, list[Sequence[Any]]] = defaultdict(list)
        for row in self._all(OWED):
            mails[row[6]].append(row)
        self.connection.commit()
        for rows in mails.values():
            self._send(rows)
        return len(mails)

    def _send(self, rows: list[Sequence[Any]]) -> None:
        links = self._links(rows)
        body, identity, subject = self._render(rows, links)
        mail_id, ids = self._keep(rows, body, identity, subject)
        self._begin()
        self._do("UPDATE mails SET lease_until = %s WHERE id = %s", self._at(LEASE), mail_id)
        domain = rows[0][9].rpartition("@")[2]
        self._do(COUNT, f"domain:{domain}", self._at(minute_of(self.moment.now)))
        self.connection.commit()
        self.smtp.sendmail(self.sender.envelope_address, [rows[0][9]], body)
        self._begin()
        self._do(
            "UPDATE mails SET state = 'sent', sent_at = %s, lease_owner = NULL, "
            "lease_until = NULL WHERE id = %s",
            self._at(),
            mail_id,
        )
        self._do(
            f"UPDATE messages SET state = 'sent', ended_at = %s WHERE id IN ({ids})", self._at()
        )
        self.connection.commit()

    def _links(self, rows: list[Sequence[Any]]) -> dict[tuple[int, LinkPurpose], int]:
        made = {}
        self._begin()
        for row in rows:
            facts = self._facts(row)
            for purpose, fact in (
                (LinkPurpose.WRONG_PERSON, "person_link"),
                (LinkPurpose.MAIL_CHOICE, "choice_link"),
                *([(LinkPurpose.STEP, "step_link")] if row[5] else []),
            ):
                self._do(
                    "INSERT INTO login_links (token_sha256, person_id, purpose, relation_id, "
                    "milestone_id, made_at, ends_at) VALUES (%s, %s, %s, %s, %s, %s, %s) "
                    "RETURNING id",
                    sha256(f"{row[0]} {purpose}"),
                    row[6],
                    purpose.value,
                    row[4],
                    row[5] if purpose is LinkPurpose.STEP else None,
                    self._at(),
                    self._at(LASTS[purpose]),
                )
                number = self.cursor.fetchone()[0]
                token = link_token(self.sender.secret_key, number, self.moment.now)
                self._do(
                    "UPDATE login_links SET token_sha256 = %s WHERE id = %s", sha256(token), number
                )
                made[row[0], purpose] = facts[fact] = number
            self._do("UPDATE messages SET facts = %s WHERE id = %s", json.dumps(facts), row[0])
        self.connection.commit()
        return made

    def _render(
        self, rows: list[Sequence[Any]], links: dict[tuple[int, LinkPurpose], int]
    ) -> tuple[bytes, str, str]:
        row = rows[0]
        lines = [self._line(one, links) for one in rows]
        message = write(lines)
        kind, letter, _ = lines[0]
        identity = message_id(f"{row[1]}|{row[9]}", self.sender.public_url, self.sender.secret_key)
        envelope = Envelope(
            sender=self.sender.address,
            sender_name=row[11],
            recipient=row[9],
            recipient_name=row[8],
            reply_to=Colleague(name=row[15], email=row[16], phone=row[17]),
            message_id=identity,
            at=self.moment.now,
            unsubscribe_url=letter.choice_url + ONE_CLICK if kind in REMINDERS else None,
        )
        files = [self._days(row)] if row[14] else []
        return to_bytes(message, envelope, files), identity, message.subject

    def _line(self, row: Sequence[Any], links: dict[tuple[int, LinkPurpose], int]) -> Line:
        public, secret = self.sender.public_url, self.sender.secret_key
        paths = {
            purpose: link_path(purpose, link_token(secret, links[row[0], purpose], self.moment.now))
            for purpose in (LinkPurpose.WRONG_PERSON, LinkPurpose.MAIL_CHOICE, LinkPurpose.STEP)
            if (row[0], purpose) in links
        }
        home = f"{public}/portal/{row[4]}"
        letter = Letter(
            locale=row[10],
            name=given_name(row[8]),
            customer=row[11],
            supplier=row[12],
            today=self.moment.today,
            url=public + paths[LinkPurpose.STEP] if LinkPurpose.STEP in paths else home,
            home=home,
            start=f"{public}/portal",
            step=row[13] or "",
            buyer=Colleague(name=row[15], email=row[16], phone=row[17]),
            opens_step=LinkPurpose.STEP in paths,
            wrong_person_url=public + paths[LinkPurpose.WRONG_PERSON],
            choice_url=public + paths[LinkPurpose.MAIL_CHOICE],
        )
        return MessageKind(row[2]), letter, Facts(self._facts(row))

    def _days(self, row: Sequence[Any]) -> Attachment:
        days = [
            AgendaDay(
                kind=DayKind.STEP,
                thing_id=number,
                day=_day(due_on),
                sequence=step_sequence(times, is_over=False),
                known_on=_day(agreed_on),
                relation_id=row[4],
                customer=row[11],
                supplier=row[12],
                title=title,
                owner=Side(owner),
            )
            for number, due_on, title, owner, times, agreed_on in self._all(STEPS, row[14])
        ]
        self.connection.commit()
        content = mailed_file(
            days,
            Place(public_url=self.sender.public_url, secret_key=self.sender.secret_key),
            Reader(locale=row[10], is_for_supplier=True),
            Published(organiser=row[11], address=self.sender.envelope_address, at=self.moment.now),
        )
        return Attachment(
            file_name="datums.ics",
            media_type="text/calendar",
            content=content,
            parameters={"charset": "utf-8", "method": "PUBLISH"},
        )

    def _keep(
        self, rows: list[Sequence[Any]], body: bytes, identity: str, subject: str
    ) -> tuple[int, str]:
        row, ids = rows[0], ", ".join(str(one[0]) for one in rows)
        self._begin()
        self._do(
            "INSERT INTO mails (customer_id, relation_id, person_id, message_id, kind, recipient, "
            "subject, body, state, attempts, next_at, lease_owner, lease_until, created_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'sending', 0, %s, 'by hand', %s, %s) "
            "RETURNING id",
            *(row[7], row[4], row[6], identity, row[2], row[9], subject, body),
            *(self._at(), self._at(LEASE), self._at()),
        )
        mail_id = self.cursor.fetchone()[0]
        self._do(
            f"UPDATE messages SET state = 'sending', mail_id = %s WHERE id IN ({ids})", mail_id
        )
        day = day_of(self.moment.now.astimezone(self.sender.zone))
        self._do(COUNT, f"person:{row[6]}", self._at(day))
        self.connection.commit()
        return mail_id, ids

    def _begin(self) -> None:
        if self.is_sqlite:
            self.cursor.execute("BEGIN IMMEDIATE")

    def _do(self, statement: str, *values: object) -> None:
        self.cursor.execute(statement.replace("%s", "?") if self.is_sqlite else statement, values)

    def _all(self, statement: str, *values: object) -> list[Sequence[Any]]:
        self._do(statement, *values)
        return self.cursor.fetchall()

    def _at(self, at: datetime | timedelta = timedelta()) -> object:
        """An instant, or so long after now, as the database keeps it."""
        at = self.moment.now + at if isinstance(at, timedelta) else at
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if self.is_sqlite else at

    def _facts(self, row: Sequence[Any]) -> dict[str, Any]:
        return json.loads(row[3]) if isinstance(row[3], str) else dict(row[3])


def _day(day: date | str) -> date:
    return datetime.fromisoformat(day).date() if isinstance(day, str) else day
