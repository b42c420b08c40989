"""Sections of a dossier on paper: proofs, decisions, warnings, messages and files."""

from typing import Any

from onboarding.domain.grants import DecisionState
from onboarding.i18n import level_word, removal_reason, step_title, word
from onboarding.i18n.mails import mail_state, mail_title
from onboarding.services.dossier.words import Words, cell, section
from onboarding.store.tables import DecisionRow


def proofs(words: Words) -> dict[str, Any]:
    _ = words.say
    kept = words.dossier.kept
    rows = []
    for one in kept.certificates:
        days = f"{words.day(one.starts_on)} – {words.day(one.ends_on)}"
        checked = ""
        if one.verified_on:
            checked = f"{words.day(one.verified_on)}, {words.who(one.verified_by)}"
        rows.append(
            [
                cell(
                    level_word(one.level, words.locale, thirty_plus=one.thirty_plus),
                    ", ".join(kept.covered[one.id]),
                ),
                cell(days),
                cell(word("certificate", one.state, words.locale), one.reason or ""),
                cell(checked, one.register_url or ""),
            ]
        )
    for recognition in kept.recognitions:
        gone = _("Revoked from %(day)s.", day=words.day(recognition.revoked_on))
        rows.append(
            [
                cell(word("recognition", recognition.kind, words.locale)),
                cell(words.day(recognition.ends_on)),
                cell(gone if recognition.revoked_on else "", recognition.reason or ""),
                cell(
                    f"{words.day(recognition.checked_on)}, {words.who(recognition.checked_by)}",
                    recognition.register_url or "",
                ),
            ]
        )
    return section(
        _("Certificates and recognitions"),
        [_("What"), _("Days"), _("State"), _("Checked")],
        [1, 0, 1, 1],
        rows,
    )


def decisions(words: Words) -> dict[str, Any]:
    _ = words.say
    rows = [
        [
            cell(word("decision", one.kind, words.locale)),
            cell(
                f"{words.day(one.starts_on)} – {words.day(one.ends_on) or '…'}", _ended(words, one)
            ),
            cell(one.reason, one.end_reason or one.answer or ""),
            cell(f"{words.day(one.decided_on)}, {words.who(one.decided_by)}", _asked(words, one)),
        ]
        for one in words.dossier.kept.decisions
    ]
    return section(
        _("Decisions"),
        [_("What"), _("Days"), _("Reason"), _("Decided")],
        [0, 0, 1, 0],
        rows,
    )


def _ended(words: Words, one: DecisionRow) -> str:
    _ = words.say
    if one.state != DecisionState.TAKEN:
        return word("signing", one.state, words.locale)
    if one.ended_on is None:
        return ""
    return _("Ended early: it holds no more from %(day)s.", day=words.day(one.ended_on))


def _asked(words: Words, one: DecisionRow) -> str:
    """Whose the first of two signatures is."""
    _ = words.say
    if one.asked_by is None or one.state != DecisionState.TAKEN:
        return ""
    return _(
        "asked by %(name)s on %(day)s", name=words.who(one.asked_by), day=words.day(one.asked_on)
    )


def notices(words: Words) -> dict[str, Any]:
    _ = words.say
    titles = {one.id: one.title for one in words.dossier.kept.milestones}
    rows = [
        [
            cell(step_title(titles.get(one.milestone_id, ""), words.locale)),
            cell(words.day(one.missed_on)),
            cell(
                words.at(one.handed_over_at) or _("not handed over"),
                word("channel", one.given_by, words.locale) if one.given_by else "",
            ),
            cell(words.day(one.cure_ends_on)),
            cell(one.reply or "", one.reply_answer or ""),
        ]
        for one in words.dossier.kept.notices
    ]
    return section(
        _("Warnings with time to repair"),
        [_("Step"), _("Day missed"), _("Handed over"), _("Time to repair until"), _("Reply")],
        [1, 0, 0, 0, 1],
        rows,
    )


def messages(words: Words) -> dict[str, Any]:
    _ = words.say
    rows = []
    for message, mail in words.dossier.kept.messages:
        role = words.dossier.role_of(message.person_id)
        rows.append(
            [
                cell(words.at(mail.sent_at if mail else None) or words.at(message.owed_at)),
                cell(mail_title(message.kind, words.locale)),
                cell(
                    words.who(message.person_id),
                    word("role", role, words.locale) if role else _("ours"),
                ),
                cell(
                    mail_state(message.state, message.end_reason, words.locale),
                    seal=mail.message_id if mail else "",
                ),
            ]
        )
    return section(
        _("Messages"),
        [_("When"), _("What"), _("To whom"), _("What became of it, and its Message-ID")],
        [0, 1, 1, 2],
        rows,
        _("To the supplier and about it; links to log in are left out."),
    )


def files(words: Words) -> dict[str, Any]:
    _ = words.say
    rows = [
        [
            cell(words.at(one.uploaded_at), word("owner", one.uploaded_side, words.locale)),
            cell(
                one.file_name or _("removed"),
                removal_reason(one.removed_reason or "", words.locale),
                one.sha256 or "",
            ),
        ]
        for one in words.dossier.kept.files
    ]
    return section(
        _("Files"),
        [_("When"), _("File, and its seal (SHA-256)")],
        [0, 1],
        rows,
    )
