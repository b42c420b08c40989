"""Notes of calls, mails, letters and meetings: what a supplier said, done on its behalf."""

from flask import Flask

from onboarding.web.behalf import choosing, contesting, recording
from onboarding.web.uploads import allow_uploads

UPLOADS = frozenset({"behalf_recording.record"})


def init_app(app: Flask) -> None:
    for part in (choosing, recording, contesting):
        app.register_blueprint(part.blueprint)
    allow_uploads(app, UPLOADS)
