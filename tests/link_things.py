"""Links as a mail holds them, for tests of the pages behind them."""

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from onboarding.domain.access import LinkPurpose, link_token
from onboarding.services.links import Entry, Wanted, make_links
from onboarding.store.tables import LoginLinkRow


def a_link(
    app: Flask,
    session: Session,
    now: datetime,
    person_id: int,
    relation_id: int,
    milestone_id: int | None = None,
    purpose: LinkPurpose | None = None,
) -> tuple[LoginLinkRow, str]:
    """A link and its token: to the step where one is given, else `purpose`, or “not for me”."""
    entry = Entry(secret_key=str(app.config["SECRET_KEY"]), now=now)
    purpose = purpose or (LinkPurpose.STEP if milestone_id else LinkPurpose.WRONG_PERSON)
    wanted = Wanted(
        person_id=person_id, purpose=purpose, relation_id=relation_id, milestone_id=milestone_id
    )
    row = session.get_one(LoginLinkRow, make_links(session, entry, [wanted])[0].id)
    session.commit()
    return row, link_token(entry.secret_key, row.id, row.made_at)
