"""Importing suppliers: upload a list, choose its columns, see what it would do, take it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from onboarding.domain.errors import AlreadyOpen, DomainError, VersionOutdated
from onboarding.domain.imports import ColumnsUnclear, ImportPlan, Outcome
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.i18n.imports import FIELDS, column_word, row_mistake_text
from onboarding.services import supplier_import
from onboarding.services.import_columns import HEADERS
from onboarding.services.spreadsheets import LARGEST_FILE
from onboarding.services.supplier_lists import as_csv
from onboarding.store.contacts import names_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.imports import visible_import
from onboarding.store.tables import ImportRow
from onboarding.web.access import current_actor, needs
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.forms import UploadForm
from onboarding.web.suppliers.lists import csv_file

blueprint = Blueprint("supplier_imports", __name__)
SHOWN = 100  # rows of each kind; the download has all wrong ones


@blueprint.get("/suppliers/imports")
@needs(Duty.BUY)
def show_upload() -> ResponseReturnValue:
    return _upload_page(UploadForm(formdata=None), 200)


@blueprint.post("/suppliers/imports")
@needs(Duty.BUY)
def upload() -> ResponseReturnValue:
    form, file = UploadForm(), request.files.get("file")
    if not form.validate():
        return _upload_page(form, 422)
    if not isinstance(file, FileStorage) or not file.filename:
        form.file.errors = [_("Choose a file.")]
        return _upload_page(form, 422)
    content = file.stream.read(LARGEST_FILE + 1)
    try:
        with unit_of_work() as session:
            row = supplier_import.upload(
                session, current_actor(), current_moment(), file.filename, content
            )
    except DomainError as refused:
        form.file.errors = [error_text(refused.code, refused.facts, current_locale())]
        return _upload_page(form, 422)
    return redirect(url_for("supplier_imports.show", import_id=row.id), 303)


@blueprint.get("/suppliers/imports/<int:import_id>")
@needs(Duty.BUY)
def show(import_id: int) -> ResponseReturnValue:
    """What taking the list would do; afterwards, what it did."""
    session, actor = db.session(), current_actor()
    row = visible_import(session, actor, import_id)
    if row.taken_at is not None:
        return render_template("buyer/suppliers/import-result.html", row=row, **_wrong(row))
    try:
        plan = supplier_import.preview(session, actor, row)
    except ColumnsUnclear:
        return redirect(url_for("supplier_imports.show_columns", import_id=import_id), 303)
    return render_template("buyer/suppliers/import.html", row=row, **_shown(plan))


@blueprint.get("/suppliers/imports/<int:import_id>/columns")
@needs(Duty.BUY)
def show_columns(import_id: int) -> ResponseReturnValue:
    row = visible_import(db.session(), current_actor(), import_id)
    if row.taken_at is not None:
        return redirect(url_for("supplier_imports.show", import_id=import_id), 303)
    return _columns_page(row, None, 200)


@blueprint.post("/suppliers/imports/<int:import_id>/columns")
@needs(Duty.BUY)
def choose_columns(import_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = visible_import(db.session(), actor, import_id)
    choices = {field: request.form.get(field, "") for field in HEADERS}
    twice = _chosen_twice(choices)
    if twice:
        return _columns_page(row, _("Column %(name)s was chosen twice.", name=twice), 422)
    try:
        with unit_of_work() as session:
            supplier_import.choose_columns(session, actor, import_id, choices)
    except AlreadyOpen:
        return redirect(url_for("supplier_imports.show", import_id=import_id), 303)
    except DomainError as refused:
        error = error_text(refused.code, refused.facts, current_locale())
        return _columns_page(row, error, 422)
    return redirect(url_for("supplier_imports.show", import_id=import_id), 303)


@blueprint.post("/suppliers/imports/<int:import_id>/take")
@needs(Duty.BUY)
def take(import_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            supplier_import.take(
                session,
                current_actor(),
                current_moment(),
                import_id,
                request.form.get("seen", ""),
            )
    except VersionOutdated:
        flash(
            _(
                "Suppliers were changed since you looked, so nothing was saved. This is what the "
                "list would do now."
            ),
            "warning",
        )
    except AlreadyOpen as taken:
        flash(error_text(taken.code, taken.facts, current_locale()), "warning")
    return redirect(url_for("supplier_imports.show", import_id=import_id), 303)


@blueprint.get("/suppliers/imports/<int:import_id>/wrong")
@needs(Duty.BUY)
def wrong(import_id: int) -> Response:
    """The rows that were not taken, with the reason, to correct and upload again."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    row = visible_import(session, actor, import_id)
    headers = list(supplier_import.staged(row).sheet.headers)
    lines = [[*headers, _("Row"), _("Reason")]]
    for number, cells, mistakes in supplier_import.wrong_rows(session, actor, row):
        texts = [
            f"{column_word(one['column'], locale)}: "
            + row_mistake_text(one["reason"], one["facts"], locale)
            if one["column"]
            else row_mistake_text(one["reason"], one["facts"], locale)
            for one in mistakes
        ]
        padded = [*cells, *[""] * (len(headers) - len(cells))][: len(headers)]
        lines.append([*padded, str(number), " ".join(texts)])
    return csv_file("\ufeff" + as_csv(lines), _("wrong-rows"))


def _shown(plan: ImportPlan) -> dict[str, Any]:
    people = {
        int(value)
        for row in plan.of(Outcome.CHANGED)
        for one in row.changed
        if one.field == "buyer_id"
        for value in (one.was, one.becomes)
        if value
    }
    return {
        "counts": plan.counts(),
        "seen": supplier_import.fingerprint(plan),
        "wrong": plan.of(Outcome.WRONG)[:SHOWN],
        "changed": plan.of(Outcome.CHANGED)[:SHOWN],
        "new": plan.of(Outcome.NEW)[:SHOWN],
        "repaired": [row for row in plan.rows if row.repaired][:SHOWN],
        "unused": plan.unused,
        "shown": SHOWN,
        "names": names_of(db.session(), list(people)),
    }


def _wrong(row: ImportRow) -> dict[str, Any]:
    return {"counts": row.content["counts"], "wrong_count": len(row.content["wrong"])}


def _chosen_twice(choices: dict[str, str]) -> str | None:
    chosen = [header for header in choices.values() if header]
    return next((header for header in chosen if chosen.count(header) > 1), None)


def _upload_page(form: UploadForm, status: int) -> ResponseReturnValue:
    return render_template("buyer/suppliers/upload.html", form=form), status


def _columns_page(row: ImportRow, error: str | None, status: int) -> ResponseReturnValue:
    waiting = supplier_import.staged(row)
    headers = waiting.sheet.headers
    chosen = {field: headers[place] for field, place in waiting.places.items()}
    chosen |= {name: request.form[name] for name in HEADERS if name in request.form}
    return (
        render_template(
            "buyer/suppliers/columns.html",
            row=row,
            error=error,
            headers=[header for header in dict.fromkeys(headers) if header],
            chosen=chosen,
            fields=[field for field in FIELDS if field in HEADERS],
            examples=waiting.sheet.rows[:3],
            all_headers=headers,
            has_error=error is not None,
        ),
        status,
    )
