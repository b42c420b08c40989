"""The buttons of a list in a form: add, move and remove; the whole list comes with each of them."""

from typing import TypeVar

MOST_LINES = 60

Line = TypeVar("Line")


def rearranged(lines: list[Line], button: str, blank: Line) -> list[Line]:
    """The list after `up-2`, `down-2`, `remove-2`, `insert-2` (a blank one below it) or `add`.

    Another button changes nothing.
    """
    lines = list(lines)
    what, _, number = button.partition("-")
    is_full = len(lines) >= MOST_LINES
    if what == "add" and not is_full:
        return [*lines, blank]
    if not number.isdecimal() or int(number) >= len(lines):
        return lines
    n = int(number)
    match what:
        case "insert" if not is_full:
            lines.insert(n + 1, blank)
        case "remove":
            del lines[n]
        case "up" if n > 0:
            lines[n - 1], lines[n] = lines[n], lines[n - 1]
        case "down" if n < len(lines) - 1:
            lines[n + 1], lines[n] = lines[n], lines[n + 1]
    return lines
