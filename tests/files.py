"""Small files of each kind, made on the spot."""

import io
from email.message import EmailMessage

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def a_pdf(*pages: str, password: str = "") -> bytes:
    """A PDF with one line of text per page."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages or ("Plan van aanpak",):
        page = writer.add_blank_page(595, 842)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 780 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def a_mail(
    text: str = "Het plan is klaar.",
    *,
    html: str = "",
    document: bytes = b"",
    sender: str = "M. Bakker <bakker@drukkerij.example>",
    date: str = "Tue, 24 Nov 2026 09:12:00 +0100",
) -> bytes:
    """A mail as a mail program saves it."""
    mail = EmailMessage()
    for name, value in (("From", sender), ("Date", date), ("Subject", "Plan van aanpak")):
        if value:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    if document:
        mail.add_attachment(document, "application", "pdf", filename="plan.pdf")
    return mail.as_bytes()
