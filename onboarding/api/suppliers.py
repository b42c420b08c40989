"""Suppliers over REST: reading one, and creating or changing one that was seen."""

from flask import Blueprint, request, url_for
from flask.wrappers import Response

from onboarding.api import parameters, pathway_values, representations
from onboarding.api.access import current_actor, current_moment, needs_scope
from onboarding.api.answers import json_answer
from onboarding.api.bodies import read_body
from onboarding.api.problems import Problem
from onboarding.api.supplier_bodies import check_read_only, fields_of
from onboarding.domain.tokens import Scope
from onboarding.services.feed.pathway_records import read_pathway_of
from onboarding.services.feed.supplier_records import (
    SupplierRecord,
    create_supplier,
    put_supplier,
    read_supplier,
)
from onboarding.store.database import db, unit_of_work

blueprint = Blueprint("api_suppliers", __name__, url_prefix="/api/v1/suppliers")


@blueprint.get("/<path:ref>")
@needs_scope(Scope.SUPPLIERS_READ)
def read(ref: str) -> Response:
    meant = parameters.reference(ref)
    parameters.only()
    parameters.accepts_json()
    return _answer(read_supplier(db.session(), current_actor(), meant))


@blueprint.get("/<path:ref>/pathway")
@needs_scope(Scope.SUPPLIERS_READ)
def pathway(ref: str) -> Response:
    meant = parameters.reference(ref)
    parameters.only()
    parameters.accepts_json()
    record = read_pathway_of(db.session(), current_actor(), current_moment(), meant)
    if record.pathway is None:
        raise Problem("pathway-unknown", ref=str(meant))
    told = pathway_values.pathway(record, record.pathway)
    return json_answer(told, representations.strong_tag(told))


@blueprint.post("")
@needs_scope(Scope.SUPPLIERS_WRITE)
def create() -> Response:
    """One from abroad has no KvK number to be named by in an address."""
    parameters.only()
    parameters.accepts_json()
    body = read_body()
    given = fields_of(body)
    check_read_only(body, {})
    with unit_of_work() as session:
        record = create_supplier(session, current_actor(), current_moment(), given)
    return _answer(record, 201)


@blueprint.put("/<path:ref>")
@needs_scope(Scope.SUPPLIERS_WRITE)
def put(ref: str) -> Response:
    """Absent fields stay; an existing supplier is changed by who saw it as it is."""
    meant = parameters.reference(ref)
    parameters.only()
    parameters.accepts_json()
    body = read_body()
    given = fields_of(body)

    def judge(record: SupplierRecord | None) -> None:
        stands = representations.supplier(record) if record else {}
        _check_seen(representations.strong_tag(stands) if record else None)
        check_read_only(body, stands)

    with unit_of_work() as session:
        record, is_new = put_supplier(
            session, current_actor(), current_moment(), meant, given, judge
        )
    return _answer(record, 201 if is_new else 200)


def _check_seen(tag: str | None) -> None:
    """`tag` is that of the supplier now, None where there is none. Raises Problem."""
    must_be_new = request.if_none_match.star_tag
    if tag is None:
        if "If-Match" in request.headers:
            raise Problem("precondition-failed", etag=None)
        return
    if must_be_new:
        raise Problem("precondition-failed", etag=f'"{tag}"')
    if "If-Match" not in request.headers:
        raise Problem("precondition-required")
    if not (request.if_match.star_tag or request.if_match.is_strong(tag)):
        raise Problem("precondition-failed", etag=f'"{tag}"')


def _answer(record: SupplierRecord, status: int = 200) -> Response:
    told = representations.supplier(record)
    answer = json_answer(told, representations.strong_tag(told), status=status)
    if status == 201:
        answer.headers["Location"] = url_for(".read", ref=told["ref"], _external=False)
    return answer
