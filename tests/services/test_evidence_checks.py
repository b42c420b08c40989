"""What may be uploaded, by its content, and which numbers in it could be a BSN."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from onboarding.domain.errors import InputInvalid
from onboarding.services import evidence_checks
from onboarding.services.evidence_checks import (
    LARGEST,
    check_upload,
    masked,
    numbers_in_text,
    tidy_name,
)
from tests.files import a_mail, a_pdf, a_picture

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


def refused_reason(content: bytes) -> str:
    with pytest.raises(InputInvalid) as refused:
        check_upload(content, "plan.pdf")
    return str(refused.value.facts["reason"])


def test_a_pdf_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_checks, "LONGEST_READING", 1e-6)
    assert refused_reason(a_pdf()) == "file-takes-too-much"


OUT_OF_TIME = """
limit, _ = resource.getrlimit(resource.RLIMIT_CPU)
os.kill(os.getpid(), signal.SIGXCPU if limit == pdf_reading.MOST_SECONDS else signal.SIGCHLD)
"""
OUT_OF_ROOM = "bytearray(2 * pdf_reading.MOST_MEMORY)"


@pytest.mark.parametrize("work", [OUT_OF_TIME, OUT_OF_ROOM], ids=["time", "room"])
def test_a_pdf_that_takes_too_much_stops_its_reader_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, work: str
) -> None:
    """As a hostile file does: in a hundred kilobytes there can be an hour's work."""
    reader = tmp_path / "reader.py"
    reader.write_text(
        f"""
import os, resource, signal, sys
sys.path.insert(0, {str(evidence_checks.PDF_READER.parent)!r})
import pdf_reading
pdf_reading.read = lambda content: exec({work!r})
pdf_reading.main()
"""
    )
    monkeypatch.setattr(evidence_checks, "PDF_READER", reader)
    assert refused_reason(a_pdf()) == "file-takes-too-much"


def with_a_file_in_it(text: str = "") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf(text))))
    writer.add_attachment("lijst.txt", BSN.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_with_other_files_in_it_is_refused() -> None:
    """Nobody looks for numbers in those."""
    assert refused_reason(with_a_file_in_it()) == "file-holds-files"


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


def test_remarks_on_a_page_are_scanned_too() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf("Plan", "Bijlage"))))
    writer.add_annotation(1, FreeText(text=f"zie {BSN}", rect=(50, 550, 200, 650)))
    out = io.BytesIO()
    writer.write(out)
    (number,) = check_upload(out.getvalue(), "x.pdf").found()
    assert (number.masked, number.page) == (masked(BSN), 2)


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


def test_a_mail_is_taken_where_it_is_asked_and_nowhere_else() -> None:
    upload = check_upload(a_mail(), "Plan van aanpak.EML", takes_mail=True)
    assert (upload.media_type, upload.file_name) == ("message/rfc822", "Plan van aanpak.eml")
    with pytest.raises(InputInvalid, match="file-of-other-kind"):
        check_upload(a_mail(), "plan.eml")
    assert check_upload(a_pdf(), "plan.eml", takes_mail=True).file_name == "plan.pdf"


@pytest.mark.parametrize(
    "content",
    [
        a_mail(sender=""),
        a_mail(date=""),
        a_mail(date="gisteren"),
        b"From: bakker@drukkerij.example\n",
        b"just some text\nFrom: a@b.example\nDate: Tue, 24 Nov 2026 09:12:00 +0100\n\nHallo",
        b"<html>From: a@b.example</html>",
        b"MZ\x00\x00From: a@b.example\nDate: Tue, 24 Nov 2026 09:12:00 +0100\n\n",
        b"PK\x03\x04" + a_mail(),
    ],
)
def test_what_has_no_sender_and_no_day_is_no_mail(content: bytes) -> None:
    with pytest.raises(InputInvalid, match="file-or-mail-of-other-kind"):
        check_upload(content, "bericht.eml", takes_mail=True)


def test_mails_within_mails_without_end_are_refused() -> None:
    nested = a_mail()
    for _ in range(300):
        nested = b"From: a@b.example\nDate: Tue, 24 Nov 2026 09:12:00 +0100\n" + (
            b"Content-Type: message/rfc822\n\n" + nested
        )
    with pytest.raises(InputInvalid, match="file-broken"):
        check_upload(nested, "bericht.eml", takes_mail=True)


def test_a_mail_that_no_program_writes_does_no_harm() -> None:
    odd = a_mail().replace(b'charset="utf-8"', b'charset="klingon"')
    assert check_upload(odd, "bericht.eml", takes_mail=True).numbers == ()
    assert check_upload(a_mail(document=b"%PDF-1.7 nothing"), "x.eml", takes_mail=True)


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        (a_mail(f"Zijn nummer is {BSN}."), [(BSN, 1)]),
        (a_mail("Zie hieronder.", html=f"<p>Nummer <b>{BSN}</b></p>"), [(BSN, 1)]),
        (a_mail("Hallo", html=f'<a href="https://x.example/{BSN}">hier</a>'), []),
        (a_mail("Zie bijlage.", document=a_pdf("Plan", f"Nummer {BSN}")), [(BSN, 3)]),
        (a_mail(f"Zijn nummer is {BSN[:4]}=\n{BSN[4:]}."), []),
    ],
)
def test_the_text_of_a_mail_and_of_what_hangs_on_it_is_looked_through(
    mail: bytes, found: list[tuple[str, int]]
) -> None:
    assert list(check_upload(mail, "x.eml", takes_mail=True).numbers) == found


def test_a_pdf_in_a_mail_is_looked_through_also_when_it_holds_files() -> None:
    """As the agreement on paper does, which somebody may forward."""
    mail = a_mail(document=with_a_file_in_it(f"Nummer {BSN}"))
    assert check_upload(mail, "x.eml", takes_mail=True).numbers == ((BSN, 2),)


def test_all_that_hangs_on_a_mail_has_the_time_of_one_upload(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence_checks, "LONGEST_READING", 0.0)
    assert check_upload(a_mail(), "x.eml", takes_mail=True)
    with pytest.raises(InputInvalid, match="mail-not-looked-through"):
        check_upload(a_mail(document=a_pdf()), "x.eml", takes_mail=True)
