"""Files work on any machine, and pages keep to the strict content security policy."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".hypothesis", ".venv", ".tools", "instance", "node_modules", "dist"}
# Written so that this file does not hold them.
OF_ONE_MACHINE = [f"/{folder}/" for folder in ("work", "root")]
OF_A_REGISTRY = [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"))]
OF_A_REGISTRY += [".".join(host) for host in (("npmjs", "org"), ("npmjs", "com"))]
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
STYLE = re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def our_files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache") or path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from our_files(path)
        else:
            yield path


def markup(path: Path) -> str:
    """The template as a browser would meet it: no comments, no expressions."""
    return EXPRESSION.sub("…", COMMENT.sub("", path.read_text()))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_names_a_folder_of_one_machine_or_a_registry() -> None:
    found = []
    for path in our_files():
        text = path.read_bytes().decode(errors="replace")
        found += [f"{name(path)}: {w}" for w in OF_ONE_MACHINE + OF_A_REGISTRY if w in text]
    assert not found


@pytest.mark.parametrize("kind", ["runtime", "dev", "uv"])
def test_packages_are_locked_by_version_and_hash_without_addresses(kind: str) -> None:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text()
    assert "://" not in text
    lines = text.replace("\\\n", " ").splitlines()
    locked = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert locked
    assert [line for line in locked if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = markup(path)
    assert not HANDLER.findall(text), "handlers belong in a script file"
    assert not SCRIPT.findall(text), "a script needs a src"
    if "mail" not in path.parts:  # a mail's style is inlined when it is rendered
        assert not STYLE.findall(text), "styles belong in a style sheet"


@pytest.mark.parametrize(
    "inline",
    ['<p style="color: red">', "<style>", "<a onclick='x()'>", "<script>x</script>"],
)
def test_what_is_inline_is_seen(inline: str, tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text(inline)
    text = markup(template)
    assert any(pattern.search(text) for pattern in (HANDLER, SCRIPT, STYLE))
