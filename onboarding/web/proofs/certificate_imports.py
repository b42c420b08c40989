"""Importing certificates: the pages of a list of them."""

from typing import Any

from flask_babel import lazy_gettext as _

from onboarding.domain.imports import ImportPlan, Outcome, RowPlan
from onboarding.services.lists.certificate_import import CERTIFICATES
from onboarding.services.lists.certificate_planning import NOT_OURS
from onboarding.web.list_imports import SHOWN, ImportPages


def _apart(plan: ImportPlan) -> dict[str, Any]:
    """Rows about companies that are no suppliers are no mistakes of the list."""
    wrong = plan.of(Outcome.WRONG)
    others = [row for row in wrong if _is_not_ours(row)]
    mistakes = [row for row in wrong if not _is_not_ours(row)]
    return {"wrong": mistakes[:SHOWN], "wrong_total": len(mistakes), "others": len(others)}


def _is_not_ours(row: RowPlan) -> bool:
    return [one.reason for one in row.mistakes] == [NOT_OURS]


blueprint = ImportPages(
    name="certificate_imports",
    path="/certificates/imports",
    key="certificate_list_id",
    kind=CERTIFICATES,
    templates="buyer/certificates",
    parent=(_("Certificates to check"), "certificate_checks.show"),
    changed_meanwhile=_(
        "Certificates were changed since you looked, so nothing was saved. This is what the "
        "list would do now."
    ),
    more=_apart,
).blueprint()
