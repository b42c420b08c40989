"""An address of a supplier's record that went into another leads to the one that stayed."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from onboarding.store.database import db
from onboarding.store.merging import merged_into
from onboarding.store.tables import MergedRelationRow


def merged_here() -> MergedRelationRow | None:
    """What became of the record in this address; only asked where the page was not found."""
    relation_id = (request.view_args or {}).get("relation_id")
    if relation_id is None or request.method not in ("GET", "HEAD"):
        return None
    return merged_into(db.session(), relation_id)


def to_the_one_that_stayed(merged: MergedRelationRow) -> Response:
    """The same page of the other record. It is for good, so programs may keep the new address."""
    parts: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    parts["relation_id"] = merged.relation_id
    return redirect(url_for(str(request.endpoint), **parts), 301)
