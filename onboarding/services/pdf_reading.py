"""Reads a PDF in a process of its own, so that a hostile one costs seconds and not the server.

`evidence_checks` runs this file as a program that knows nothing of the tool: the PDF comes in on
standard input, and what was found goes out as JSON, `{"pages": […], "holds_files": …}` or
`{"reason": "…"}`.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

MOST_PAGES = 300
MOST_SECONDS = 15  # of work; a PDF of 300 pages takes a few
MOST_MEMORY = 1024**3
MOST_TEXT = 5_000_000  # characters, ten times a long book


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        told = read(sys.stdin.buffer.read())
    except MemoryError:
        told = {"reason": "file-takes-too-much"}
    except Exception:  # a stranger's file: whatever is wrong with it, it does not open
        told = {"reason": "file-broken"}
    sys.stdout.write(json.dumps(told))


def read(content: bytes) -> dict[str, Any]:
    """The text of each page, or why it cannot be taken."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return {"reason": "file-locked"}
    if len(reader.pages) > MOST_PAGES:
        return {"reason": "too-many-pages", "most": MOST_PAGES}
    if not reader.pages:
        return {"reason": "file-broken"}
    texts = ["\n".join([page.extract_text(), *remarks(page)]) for page in reader.pages]
    texts[0] += "".join(f"\n{value}" for value in beside_pages(reader) if value)
    data = data_inside(reader)
    texts[0] += "".join(f"\n{text}" for text in data)
    if sum(map(len, texts)) > MOST_TEXT:
        return {"reason": "file-takes-too-much"}
    return {"pages": texts, "holds_files": files_inside(reader) > len(data)}


def remarks(page: Any) -> Iterator[str]:
    """What people wrote on a page without writing in it."""
    for reference in page.get("/Annots") or ():
        yield str(reference.get_object().get("/Contents") or "")


def beside_pages(reader: PdfReader) -> Iterator[Any]:
    """What stands in form fields and in the document's properties."""
    yield from (reader.get_form_text_fields() or {}).values()
    yield from (reader.metadata or {}).values()


def data_inside(reader: PdfReader) -> list[str]:
    """The content that our own agreements hold as a file: it is looked through as well."""
    every = [content for contents in reader.attachments.values() for content in contents]
    return [content.decode() for content in every if _is_agreement(content)]


def _is_agreement(content: bytes) -> bool:
    try:
        data = json.loads(content)
    except ValueError:
        return False
    return isinstance(data, dict) and "agreed_by" in data


def files_inside(reader: PdfReader) -> int:
    """How many files travel inside, wherever they are tied to the document."""
    numbers = {number for numbers in reader.xref.values() for number in numbers}
    numbers |= reader.xref_objStm.keys()
    return sum(_files_in(reader.get_object(number)) for number in numbers)


def _files_in(thing: Any) -> int:
    """`/EF` is what a file specification has where the file itself is inside."""
    if isinstance(thing, dict):
        return ("/EF" in thing) + sum(_files_in(part) for part in thing.values())
    return sum(_files_in(part) for part in thing) if isinstance(thing, list) else 0


if __name__ == "__main__":
    main()
