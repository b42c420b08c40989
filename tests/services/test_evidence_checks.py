"""What may be uploaded, by its content, and which numbers in it could be a BSN."""

import io
import struct
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from onboarding.domain.errors import InputInvalid
from onboarding.services.evidence_checks import (
    LARGEST,
    check_upload,
    masked,
    numbers_in_text,
    tidy_name,
)
from tests.files import a_pdf, a_picture

BSN = "111222333"  # passes the check; nobody's
RSIN = "004495445"


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (a_pdf(), "application/pdf", "plan.pdf"),
        (a_picture("PNG"), "image/png", "plan.png"),
        (a_picture("JPEG"), "image/jpeg", "plan.jpg"),
    ],
)
def test_pdf_png_and_jpeg_are_taken(content: bytes, media_type: str, name: str) -> None:
    upload = check_upload(content, "plan.exe")
    assert (upload.media_type, upload.file_name) == (media_type, name)
    assert len(upload.sha256) == 64


def a_bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 900 million dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file-empty"),
        (b"just some text", "file-of-other-kind"),
        (b"<html><script>alert(1)</script>", "file-of-other-kind"),
        (b"PK\x03\x04" + bytes(100), "file-of-other-kind"),
        (b"%PDF-1.7 and then nothing that is a document", "file-broken"),
        (a_picture("PNG")[:40], "file-broken"),
        (a_picture("JPEG", (200, 200))[:300], "file-broken"),
        (a_pdf(password="geheim"), "file-locked"),
        (a_bomb(), "picture-too-large"),
        (a_pdf() + bytes(LARGEST), "file-too-large"),
    ],
)
def test_what_does_not_open_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        check_upload(content, "plan.pdf")
    assert refused.value.facts["reason"] == reason
    assert refused.value.facts["field"] == "file"


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with pytest.raises(InputInvalid) as refused:
        check_upload(a_pdf(*["x"] * 301), "plan.pdf")
    assert refused.value.facts["reason"] == "too-many-pages"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"BSN {BSN}.", [BSN]),
        ("BSN 111 222 333", [BSN]),
        ("BSN 1112.22.333", [BSN]),
        ("geen nummer: 123456789", []),  # does not pass the check
        (f"te lang: 9{BSN}", []),
        (f"te lang: {BSN}0", []),
        ("NL004495445B01", []),  # inside a VAT number
        ("BTW NL 0044.95.445.B.01", []),
        (f"RSIN {RSIN}", [RSIN]),
        (f"{BSN} en {RSIN}", [BSN, RSIN]),
        ("bel 06-12345678", []),
    ],
)
def test_numbers_that_could_be_a_bsn_are_found(text: str, found: list[str]) -> None:
    assert numbers_in_text(text) == found


def test_a_hit_is_masked_and_tells_its_page() -> None:
    upload = check_upload(a_pdf("Plan", f"Medewerker {BSN}"), "plan.pdf")
    (number,) = upload.found()
    assert (number.masked, number.page) == ("••••••333", 2)
    assert BSN not in repr(upload.found())


def test_the_own_rsin_is_left_out() -> None:
    upload = check_upload(a_pdf(f"RSIN {RSIN} en {BSN}"), "plan.pdf")
    assert [number.masked for number in upload.found([RSIN])] == [masked(BSN)]


def test_properties_of_a_pdf_are_scanned_too() -> None:

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    writer.add_metadata({"/Title": f"Dossier {BSN}"})
    out = io.BytesIO()
    writer.write(out)
    assert [n.masked for n in check_upload(out.getvalue(), "x.pdf").found()] == [masked(BSN)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\sam\\Plan van aanpak (2).docx", "Plan van aanpak (2).pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("", "file.pdf"),
        ("…", "file.pdf"),
    ],
)
def test_names_are_tidied(given: str, kept: str) -> None:
    assert tidy_name(given, ".pdf") == kept
