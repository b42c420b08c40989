"""What is wrong with a file that somebody hands in, in words that say what to do."""

from onboarding.i18n.catalog import mark

FILE_ERRORS: dict[str, tuple[str, ...]] = {
    "input-invalid:file-empty": (mark("This file is empty. Choose another one."),),
    "input-invalid:file-too-large": (
        mark("This file is larger than %(megabytes)s MB. Make it smaller, or send it in parts."),
        mark("This file is too large. Make it smaller, or send it in parts."),
    ),
    "input-invalid:file-of-other-kind": (
        mark("This is not a PDF, PNG or JPEG. Save it as a PDF, or take a picture of it."),
    ),
    "input-invalid:file-broken": (
        mark("This file does not open. Save it anew and send it again."),
    ),
    "input-invalid:file-locked": (
        mark("This PDF has a password. Save it without a password and send it again."),
    ),
    "input-invalid:too-many-files": (
        mark("Send at most %(most)s files at a time."),
        mark("These are too many files. Send them in parts."),
    ),
    "input-invalid:file-takes-too-much": (
        mark("This PDF takes too long to read. Print it to a new PDF and send that one."),
    ),
    "input-invalid:file-holds-files": (
        mark("This PDF holds other files. Send those apart, and save this one without them."),
    ),
    "input-invalid:too-many-pages": (
        mark("This PDF has more than %(most)s pages. Send the pages that matter."),
        mark("This PDF has too many pages. Send the pages that matter."),
    ),
    "input-invalid:picture-too-large": (
        mark("This picture has too many dots. Make it smaller and send it again."),
    ),
    "input-invalid:promise-needed": (
        mark("Confirm that the file holds no personal data of employees."),
    ),
    "input-invalid:file-or-mail-of-other-kind": (
        mark(
            "This is not a mail (.eml), PDF, PNG or JPEG. Save the mail as a file, or as a PDF, "
            "and choose that."
        ),
    ),
    "input-invalid:mail-not-looked-through": (
        mark(
            "A PDF in this mail is too large to look through. Save the mail without it as a PDF, "
            "and choose that."
        ),
    ),
}
