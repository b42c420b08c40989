"""KvK numbers as people type several of them in one field."""

import re

APART = re.compile(r"[\s,;]+")


def numbers_from(text: str | None) -> tuple[str, ...]:
    """The numbers, separated by lines, spaces, commas or semicolons; each as it was typed."""
    return tuple(part for part in APART.split(text or "") if part)
