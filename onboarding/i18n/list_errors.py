"""Why a list cannot be read, or what it lacks: sentences of `i18n.errors`."""

from onboarding.i18n.catalog import mark

LIST_ERRORS: dict[str, tuple[str, ...]] = {
    "file-unreadable": (mark("This file cannot be read. Save it as CSV or XLSX and try again."),),
    "file-unreadable:empty": (mark("This file is empty. Choose the file with your list."),),
    "file-unreadable:not-a-spreadsheet": (
        mark("This is no spreadsheet. Save your list as CSV or XLSX and choose that file."),
    ),
    "file-unreadable:old-excel": (
        mark(
            "This is a file of an old Excel, or one with a password. Save it as XLSX or CSV, "
            "without a password, and choose that file."
        ),
    ),
    "file-unreadable:damaged": (
        mark("This XLSX file is damaged. Open it, save it anew, and choose that file."),
    ),
    "file-unreadable:unpacks-too-large": (
        mark(
            "This XLSX file unpacks to %(times)s times its size and is not read. Save only the "
            "sheet with your list, as CSV."
        ),
        mark("This XLSX file unpacks to far too much and is not read. Save it as CSV."),
    ),
    "file-unreadable:too-many-cells": (
        mark("This list holds too much. Leave out columns, or send it in parts."),
    ),
    "file-unreadable:too-many-rows": (
        mark("This list has more than %(most)s rows. Send it in parts."),
        mark("This list has too many rows. Send it in parts."),
    ),
    "file-unreadable:too-many-columns": (
        mark("This list has more than %(most)s columns. Leave out what does not belong in it."),
        mark("This list has too many columns. Leave out what does not belong in it."),
    ),
    "file-unreadable:too-large": (
        mark("This file is larger than %(most)s MB. Leave out columns, or send it in parts."),
        mark("This file is too large. Leave out columns, or send it in parts."),
    ),
    "file-unreadable:quote-not-closed": (
        mark(
            "A quotation mark is open or stands in the wrong place, up to line %(line)s. Save the "
            "list anew from your spreadsheet program, as CSV or XLSX."
        ),
        mark("A quotation mark is open or stands in the wrong place. Save the list anew."),
    ),
    "columns-unclear": (
        mark(
            "No column tells which supplier a row is about. These are there: %(headers)s. Say "
            "which one holds the name or the KvK number."
        ),
        mark("No column tells which supplier a row is about. Say which one holds the name."),
    ),
    "columns-unclear:certificates": (
        mark(
            "A list of certificates needs a KvK number, a level, and the first and last day. These "
            "columns are there: %(headers)s. Say which one holds what."
        ),
        mark("A list of certificates needs a KvK number, a level, and the first and last day."),
    ),
    "column-unknown": (
        mark("There is no column %(column)s. These are there: %(headers)s."),
        mark("There is no such column."),
    ),
}
