"""When each token was last used."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from onboarding.api.gathering import Gathering
from onboarding.store.tokens import note_use

USES = "token_uses"


class Uses(Gathering[datetime]):
    """The last use of each token, by its id."""

    name = USES

    def joined(self, earlier: datetime, later: datetime) -> datetime:
        return later

    def write(self, session: Session, due: Mapping[int, datetime]) -> None:
        note_use(session, due)


def note_last_use(token_id: int, now: datetime) -> None:
    uses: Uses = current_app.extensions[USES]
    uses.note({token_id: now})


def init_app(app: Flask) -> None:
    app.extensions[USES] = Uses(app)
