"""The pages of an import, of whatever kind: upload, choose columns, see what it would do, take it.

Who registers a kind says what its pages are called and which templates show what is its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from onboarding.domain.errors import AlreadyOpen, DomainError, VersionOutdated
from onboarding.domain.imports import ColumnsUnclear, ImportPlan, Outcome
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.i18n.imports import column_word, row_mistake_text
from onboarding.services.lists import importing
from onboarding.services.lists.importing import ListKind
from onboarding.services.lists.spreadsheets import LARGEST_FILE, read_sheet
from onboarding.services.supplier_lists import as_csv
from onboarding.store.database import db, unit_of_work
from onboarding.store.imports import visible_import
from onboarding.store.tables import ImportRow
from onboarding.web.access import Page, current_actor, needs
from onboarding.web.downloads import csv_file
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

SHOWN = 100  # rows of each kind; the download has all wrong ones


class UploadForm(FlaskForm):
    """A list."""

    file = FileField(
        lazy_gettext("Your list"), description=lazy_gettext("CSV or XLSX, 10 MB at most.")
    )


def _nothing_more(plan: ImportPlan) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPages:
    """The pages of one kind of list, below `path`; `key` names its id in their addresses.

    `templates` is the folder of `upload`, `import` and `import-result`; `parent` the label and
    endpoint of the page above them. `more` gives a preview what its template asks besides, or
    instead.
    """

    name: str
    path: str
    key: str
    kind: ListKind
    templates: str
    parent: tuple[LazyString, str]
    changed_meanwhile: LazyString
    more: Callable[[ImportPlan], dict[str, Any]] = field(default=_nothing_more)

    def blueprint(self) -> Blueprint:
        made = Blueprint(self.name, __name__)
        one = f"{self.path}/<int:{self.key}>"
        for rule, method, endpoint, view in (
            (self.path, "GET", "show_upload", self.show_upload),
            (self.path, "POST", "upload", self.upload),
            (one, "GET", "show", self._of_one(self.show)),
            (f"{one}/columns", "GET", "show_columns", self._of_one(self.show_columns)),
            (f"{one}/columns", "POST", "choose_columns", self._of_one(self.choose_columns)),
            (f"{one}/take", "POST", "take", self._of_one(self.take)),
            (f"{one}/wrong", "GET", "wrong", self._of_one(self.wrong)),
        ):
            made.add_url_rule(rule, endpoint, needs(Duty.BUY)(view), methods=[method])
        return made

    def _of_one(self, view: Callable[[int], ResponseReturnValue]) -> Page[...]:
        """The view of a list, called with its id whatever that is named in the address."""

        def page(**found: int) -> ResponseReturnValue:
            return view(found[self.key])

        return page

    def url(self, page: str, import_id: int | None = None) -> str:
        """Where a page of this kind is."""
        found: dict[str, Any] = {} if import_id is None else {self.key: import_id}
        return url_for(f"{self.name}.{page}", **found)

    def show_upload(self) -> ResponseReturnValue:
        return self._upload_page(UploadForm(formdata=None), 200)

    def upload(self) -> ResponseReturnValue:
        form, file = UploadForm(), request.files.get("file")
        if not form.validate():
            return self._upload_page(form, 422)
        if not isinstance(file, FileStorage) or not file.filename:
            form.file.errors = [_("Choose a file.")]
            return self._upload_page(form, 422)
        try:
            sheet = read_sheet(file.stream.read(LARGEST_FILE + 1), self.kind.columns)
            with unit_of_work() as session:
                row = importing.upload(
                    self.kind, session, current_actor(), current_moment(), file.filename, sheet
                )
        except DomainError as refused:
            form.file.errors = [error_text(refused.code, refused.facts, current_locale())]
            return self._upload_page(form, 422)
        return redirect(self.url("show", row.id), 303)

    def show(self, import_id: int) -> ResponseReturnValue:
        """What taking the list would do; afterwards, what it did."""
        row = self._row(import_id)
        if row.taken_at is not None:
            counts, wrong = row.content["counts"], len(row.content["wrong"])
            return self._render("import-result", row=row, counts=counts, wrong_count=wrong)
        try:
            plan = importing.preview(
                self.kind, db.session(), current_actor(), current_moment(), row
            )
        except ColumnsUnclear:
            return redirect(self.url("show_columns", import_id), 303)
        return self._render("import", row=row, **{**_shown(plan), **self.more(plan)})

    def show_columns(self, import_id: int) -> ResponseReturnValue:
        row = self._row(import_id)
        if row.taken_at is not None:
            return redirect(self.url("show", import_id), 303)
        return self._columns_page(row, None, 200)

    def choose_columns(self, import_id: int) -> ResponseReturnValue:
        row = self._row(import_id)
        columns = self.kind.columns
        choices = {name: request.form.get(name, "") for name in columns.headers}
        choices |= {name: header for name, header in request.form.items() if columns.has_more(name)}
        twice = _chosen_twice(choices)
        if twice:
            error = _("Column %(name)s was chosen twice.", name=twice)
            return self._columns_page(row, error, 422)
        try:
            with unit_of_work() as session:
                importing.choose_columns(self.kind, session, current_actor(), import_id, choices)
        except AlreadyOpen:
            return redirect(self.url("show", import_id), 303)
        except DomainError as refused:
            error = error_text(refused.code, refused.facts, current_locale())
            return self._columns_page(row, error, 422)
        return redirect(self.url("show", import_id), 303)

    def take(self, import_id: int) -> ResponseReturnValue:
        seen = request.form.get("seen", "")
        try:
            with unit_of_work() as session:
                importing.take(
                    self.kind, session, current_actor(), current_moment(), import_id, seen
                )
        except VersionOutdated:
            flash(str(self.changed_meanwhile), "warning")
        except AlreadyOpen as taken:
            flash(error_text(taken.code, taken.facts, current_locale()), "warning")
        return redirect(self.url("show", import_id), 303)

    def wrong(self, import_id: int) -> ResponseReturnValue:
        """The rows that were not taken, with the reason, to correct and upload again."""
        row, locale = self._row(import_id), current_locale()
        headers = list(importing.staged(row).sheet.headers)
        lines = [[*headers, _("Row"), _("Reason")]]
        try:
            rows = importing.wrong_rows(
                self.kind, db.session(), current_actor(), current_moment(), row
            )
        except ColumnsUnclear:
            return redirect(self.url("show_columns", import_id), 303)
        for number, cells, mistakes in rows:
            texts = [_mistake_text(one, locale) for one in mistakes]
            padded = [*cells, *[""] * (len(headers) - len(cells))][: len(headers)]
            lines.append([*padded, str(number), " ".join(texts)])
        return csv_file("\ufeff" + as_csv(lines), _("wrong-rows"))

    def _row(self, import_id: int) -> ImportRow:
        return visible_import(db.session(), current_actor(), self.kind.name, import_id)

    def _render(self, template: str, **values: Any) -> str:
        return render_template(f"{self.templates}/{template}.html", pages=self, **values)

    def _upload_page(self, form: UploadForm, status: int) -> ResponseReturnValue:
        return self._render("upload", form=form), status

    def _columns_page(self, row: ImportRow, error: str | None, status: int) -> ResponseReturnValue:
        waiting = importing.staged(row)
        headers, columns = waiting.sheet.headers, self.kind.columns
        fields = list(columns.headers)
        fields += [name for name in columns.recognised(headers) if columns.has_more(name)]
        chosen = {name: headers[place] for name, place in waiting.places.items()}
        chosen |= {name: request.form[name] for name in fields if name in request.form}
        page = render_template(
            "buyer/imports/columns.html",
            pages=self,
            row=row,
            error=error,
            headers=[header for header in dict.fromkeys(headers) if header],
            chosen=chosen,
            fields=fields,
            needed=columns.all_of,
            examples=waiting.sheet.rows[:3],
            all_headers=headers,
            has_error=error is not None,
        )
        return page, status


def _shown(plan: ImportPlan) -> dict[str, Any]:
    return {
        "counts": plan.counts(),
        "seen": importing.fingerprint(plan),
        "wrong": plan.of(Outcome.WRONG)[:SHOWN],
        "changed": plan.of(Outcome.CHANGED)[:SHOWN],
        "new": plan.of(Outcome.NEW)[:SHOWN],
        "repaired": [row for row in plan.rows if row.repaired][:SHOWN],
        "unused": plan.unused,
        "shown": SHOWN,
    }


def _mistake_text(mistake: dict[str, Any], locale: str) -> str:
    text = row_mistake_text(mistake["reason"], mistake["facts"], locale)
    column = mistake["column"]
    return f"{column_word(column, locale)}: {text}" if column else text


def _chosen_twice(choices: dict[str, str]) -> str | None:
    chosen = [header for header in choices.values() if header]
    return next((header for header in chosen if chosen.count(header) > 1), None)
