"""What went wrong with the data of a supplier: where it belongs, and which number it has."""

from onboarding.i18n.catalog import mark

SUPPLIER_ERRORS: dict[str, tuple[str, ...]] = {
    "merge-refused": (mark("These two cannot be merged now. Look again at how they stand."),),
    "merge-refused:same": (mark("This is the same record. Choose another one."),),
    "merge-refused:stays-ended": (
        mark(
            "The relation with %(name)s has ended. Let the other record stay, or reopen this "
            "relation first."
        ),
        mark("This relation has ended. Let the other record stay, or reopen it first."),
    ),
    "merge-refused:two-pathways": (
        mark(
            "%(stays)s and %(goes)s each have a pathway that is not over. Withdraw or stop one of "
            "the two first, then merge."
        ),
        mark("Both have a pathway that is not over. Withdraw or stop one of the two first."),
    ),
    "input-invalid:several-divisions": (
        mark(
            "Several of your divisions buy from this supplier. Change it at the division that it "
            "is about."
        ),
    ),
    "input-invalid:differs-from-divisions": (
        mark("This is not what the divisions come to. Leave it out, or change the divisions."),
    ),
    "input-invalid:division-known": (
        mark("%(given)s stands here already. Change that one, or name another site."),
        mark("This division stands here already. Change that one, or name a site."),
    ),
    "input-invalid:not-a-number": (
        mark("%(given)s is no registration number: that has digits, such as HRB 12345."),
        mark("A registration number has digits, such as HRB 12345."),
    ),
    "input-invalid:year-twice": (mark("Name each year once."),),
    "input-invalid:not-yes-or-no": (
        mark("%(given)s is neither yes nor no."),
        mark("Fill in yes or no."),
    ),
    "input-invalid:not-a-day": (
        mark("%(given)s is no day. Write it as 2027-12-31 or 31-12-2027."),
        mark("Write a day as 2027-12-31 or 31-12-2027."),
    ),
}
