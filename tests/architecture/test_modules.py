"""Modules are small, open with a sentence, are named for what they mean and keep to their place."""

import ast
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = sorted([ROOT / "config.py", ROOT / "wsgi.py", *(ROOT / "onboarding").rglob("*.py")])
ALL = sorted([*CODE, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
MOST_LINES = 300
QUOTES = '"' * 3
SAY_NOTHING = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
READS_THE_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def opening(path: Path) -> str:
    """The module's docstring; nothing below it is parsed."""
    first, quotes, rest = path.read_text().partition(QUOTES)
    docstring, closing, _ = rest.partition(QUOTES)
    return ast.get_docstring(ast.parse(first + quotes + docstring + closing)) or ""


@cache
def calls(path: Path) -> set[tuple[str, str]]:
    """Every `owner.method(…)` in the module, as (owner, method)."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            found.add((last, node.func.attr))
    return found


def test_modules_are_small() -> None:
    lines = {name(path): len(path.read_text().splitlines()) for path in CODE}
    assert {path: n for path, n in lines.items() if n > MOST_LINES} == {}, "split by meaning"


def test_modules_open_with_a_sentence() -> None:
    """It says what the module is for."""
    sentences = {name(path): opening(path).split("\n\n")[0].rstrip() for path in ALL}
    ends = (".", "`", "!", ":", "…")
    assert {path: text for path, text in sentences.items() if not text.endswith(ends)} == {}


def test_modules_are_named_for_what_they_mean() -> None:
    assert {name(path) for path in CODE if path.stem in SAY_NOTHING} == set()


def test_only_the_clock_reads_the_system_clock() -> None:
    readers = {
        name(path)
        for path in CODE
        if path != ROOT / "onboarding" / "clock.py" and calls(path) & READS_THE_CLOCK
    }
    assert not readers, "ask for a Moment instead"


def test_the_store_and_the_services_never_commit() -> None:
    inner = [p for p in CODE if {"store", "services", "domain"} & set(p.parts)]
    assert inner
    committing = {
        name(path)
        for path in inner
        if path.name != "database.py" and any(method == "commit" for _, method in calls(path))
    }
    assert not committing, "the unit of work commits"


def test_the_domain_needs_the_standard_library_only() -> None:
    allowed = {*sys.stdlib_module_names}
    for path in (ROOT / "onboarding" / "domain").rglob("*.py"):
        for node in ast.walk(tree(path)):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                own = module.startswith("onboarding.domain")
                assert own or module.split(".")[0] in allowed, f"{name(path)} imports {module}"
