"""Recording what a supplier said, with what the portal would have asked it."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import (
    DomainError,
    InputInvalid,
    NotAllowed,
    NotFound,
    VersionOutdated,
)
from onboarding.domain.on_behalf import Act
from onboarding.domain.people import Channel, Duty
from onboarding.domain.plans import Step
from onboarding.services.on_behalf import (
    Heard,
    NewContact,
    Papers,
    Recorded,
    record_on_behalf,
)
from onboarding.store.database import unit_of_work
from onboarding.store.plans import plan_on_table
from onboarding.store.tables import PathwayRow
from onboarding.web.access import current_actor, needs
from onboarding.web.behalf.asking import Asked, asked_about
from onboarding.web.behalf.choosing import task_of
from onboarding.web.behalf.doing import Call
from onboarding.web.behalf.forms import SaidForm
from onboarding.web.evidence import evidence_files
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.days import TypedDays, proposed_days, typed_days
from onboarding.web.presentation.dates import in_words
from onboarding.web.uploads import checked, chosen, say

blueprint = Blueprint("behalf_recording", __name__)

FILES_APART = frozenset({"files", "revision", "csrf_token"})


@blueprint.get("/suppliers/<int:relation_id>/contact/<act>")
@needs(Duty.BUY)
def show(relation_id: int, act: str) -> ResponseReturnValue:
    asked = asked_about(relation_id, act)
    if not asked.possible.options:
        flash(_("This is not possible now. Choose what is."), "warning")
        return redirect(url_for("behalf_choosing.show", relation_id=relation_id), 303)
    typed = proposed_days(asked.pathway.steps) if asked.pathway else None
    return _page(asked, asked.fresh_form(), typed, 200)


@blueprint.post("/suppliers/<int:relation_id>/contact/<act>")
@needs(Duty.BUY)
def record(relation_id: int, act: str) -> ResponseReturnValue:
    asked = asked_about(relation_id, act)
    form = asked.dressed(asked.way.form())
    typed = typed_days(len(asked.pathway.steps)) if asked.pathway else None
    if not asked.possible.options:
        refuse(form, DomainError())
        return _page(asked, form, typed, 422)
    is_filled_in = form.validate()
    if not is_filled_in or (asked.act is Act.COUNTER and typed and typed.wrong):
        return _again(asked, form, typed)
    papers = _papers(form, asked)
    if papers is None:
        return _again(asked, form, typed)
    option = asked.possible.option(form.about.data)
    assert option is not None  # the form is valid
    try:
        done = _record(asked, form, typed, papers, option.since)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        if isinstance(refused, VersionOutdated):
            form.revision.data = refused.facts.get("current")
        return _again(asked, form, typed)
    flash(" ".join(_told(done, option.is_in_time(done.said.said_on), option.by)))
    if done.unexplained:
        return redirect(url_for("proof_files.show", evidence_id=done.unexplained[0]), 303)
    if task_of(asked.relation) is not None:
        return redirect("/", 303)
    return redirect(url_for("supplier_pages.show", relation_id=relation_id), 303)


def _papers(form: SaidForm, asked: Asked) -> Papers | None:
    """What was uploaded, looked into; None where something about it stands on the form."""
    fields = [form.original, *([form.files] if asked.way.asks_files else [])]
    if not any(chosen(one) for one in fields):
        if asked.act is Act.STEP_DONE and not form.note.data:
            form.note.errors = [_("Write in a few words what they did, or add a file.")]
            return None
        return Papers(files=evidence_files())
    if not form.is_clean.data:
        say(form.is_clean, InputInvalid(field="is_clean", reason="promise-needed"))
        return None
    originals = checked(form.original, takes_mail=True)
    papers = Papers(
        files=evidence_files(),
        original=originals[0] if originals else None,
        others=tuple(checked(form.files)) if asked.way.asks_files else (),
    )
    return None if any(one.errors for one in fields) else papers


def _record(
    asked: Asked, form: SaidForm, typed: TypedDays | None, papers: Papers, since: date | None
) -> Recorded:
    actor, moment, task = current_actor(), current_moment(), task_of(asked.relation)
    task_id, relation_id = task.id if task else None, asked.relation.id
    assert form.said_on.data is not None  # the form is valid
    heard = Heard(
        said_on=form.said_on.data,
        channel=Channel(form.channel.data),
        by=_who(form),
    )
    with unit_of_work() as session:
        steps: tuple[Step, ...] = ()
        if asked.act is Act.COUNTER and typed is not None:
            pathway = session.get_one(PathwayRow, form.about.data)
            steps = typed.on(plan_on_table(pathway).steps)
        call = Call(
            session=session,
            actor=actor,
            moment=moment,
            relation_id=relation_id,
            about=form.about.data,
            form=form,
            steps=steps,
        )
        return record_on_behalf(
            session,
            actor,
            moment,
            relation_id,
            heard,
            lambda said: asked.way.do(call, said),
            papers=papers,
            since=since,
            task_id=task_id,
        )


def _who(form: SaidForm) -> int | NewContact:
    if not form.is_new:
        return int(form.said_by.data)
    return NewContact(
        name=str(form.name.data), phone=form.phone.data or "", email=form.email.data or ""
    )


def _told(done: Recorded, is_in_time: bool | None, by: date | None) -> list[str]:
    """What the recording means, in a few sentences."""
    told = [_("Recorded.")]
    said_on = in_words(done.said.said_on)
    if is_in_time and done.said.said_on < current_moment().today:
        told.append(
            _(
                "Said on %(day)s: that counts as in time. The status changes from today.",
                day=said_on,
            )
        )
    elif is_in_time is False and by is not None:
        told.append(_("Said on %(day)s, after %(by)s: not in time.", day=said_on, by=in_words(by)))
    if done.is_mailed:
        told.append(_("The supplier gets a confirmation."))
    else:
        told.append(_("Nobody there has an e-mail address: confirm it yourself."))
    return told


def _again(asked: Asked, form: SaidForm, typed: TypedDays | None) -> ResponseReturnValue:
    """The form once more, with all that was typed; a browser forgets the files."""
    for name in ("original", "files"):
        if name in form and chosen(form[name]):
            again = _("Choose the file again. Your text is kept.")
            form[name].errors = [*form[name].errors, again]
    return _page(asked, form, typed, 422)


def _page(
    asked: Asked, form: SaidForm, typed: TypedDays | None, status: int
) -> ResponseReturnValue:
    apart = FILES_APART | {one.name for one in SaidForm(formdata=None)}
    is_counter = asked.act is Act.COUNTER and asked.pathway is not None
    shown: dict[str, Any] = {
        "rows": list(zip(asked.pathway.steps, typed.given, strict=False))
        if is_counter and asked.pathway and typed
        else [],
        "wrong": typed.wrong if is_counter and typed and status != 200 else {},
    }
    return (
        render_template(
            "buyer/behalf/record.html",
            asked=asked,
            relation=asked.relation,
            form=form,
            own_fields=[one for one in form if one.name not in apart],
            task=task_of(asked.relation),
            has_error=status != 200,
            **shown,
        ),
        status,
    )
