"""Hostile files: each ends in one of our errors or in a document, within a second or two, and the process lives on."""

import io
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest

from pipeline.errors import EmptyText, Error, TooLarge, Unreadable
from pipeline.formats._tags import tokens
from pipeline.ingest import passages, read
from pipeline.settings import Settings
from tests.formats.golden import W, docx, paragraph

SETTINGS = Settings(user="test", parse_seconds=20)
LENGTH = 150_000


def long(piece: str, before: str = "") -> bytes:
    return (before + piece * (LENGTH // len(piece))).encode()


def word(body: str, **more: str) -> bytes:
    return docx({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>", **more})


def zip_of(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return made.getvalue()


def locked_zip() -> bytes:
    data = bytearray(word(paragraph("secret")))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        data[at + offset] |= 1
    return bytes(data)


def pdf(objects: list[bytes], trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, inside in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made + b"trailer\n%s\nstartxref\n%d\n%%%%EOF" % (trailer, start))


def pdf_page(stream: bytes, extra: bytes = b"") -> bytes:
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << >> >>",
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), extra, stream),
        ]
    )


def locked_pdf() -> bytes:
    from fpdf import FPDF
    from fpdf.enums import AccessPermission

    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    made.cell(0, 6, "secret")
    made.set_encryption(owner_password="o", user_password="u", permissions=AccessPermission.none())
    return bytes(made.output())


BILLION = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'lol'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + f"]><w:document {W}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    f"<w:document {W}><w:body><w:p><w:r><w:t>before &f; after</w:t></w:r></w:p></w:body></w:document>"
)
MAIL = "From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n"
PART = "--b\nContent-Type: text/plain\n\nx\n"

KINDS: dict[str, tuple[str, Callable[[], bytes], type[Error] | None]] = {
    "nothing": ("a.txt", lambda: b"", EmptyText),
    "white space only": ("a.txt", lambda: b" \n\t\r\n" * 9, EmptyText),
    "only invisible characters": ("a.txt", lambda: "\u200b\u202e\ufeff".encode() * 9, EmptyText),
    "zeros": ("a.txt", lambda: b"\x00" * 999, EmptyText),
    "random bytes": ("a.txt", lambda: bytes((n * 7919 + n // 3) % 256 for n in range(9999)), Unreadable),
    "an image named as a note": ("note.txt", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, Unreadable),
    "a program named as a PDF": ("note.pdf", lambda: b"\x7fELF" + b"\x00\x01" * 99, Unreadable),
    "a film named as a transcript": ("call.vtt", lambda: b"\x00\x00\x00 ftypisom" + b"\x00\x01" * 99, Unreadable),
    "an archive that is no document": ("a.docx", lambda: zip_of({"x.txt": b"x"}), Unreadable),
    "a zip cut in half": ("a.docx", lambda: word(paragraph("hello"))[:300], Unreadable),
    "a zip bomb": ("a.docx", lambda: zip_of({"word/document.xml": b"<a>" + b" " * 90_000_000}), TooLarge),
    "a zip of too many parts": ("a.docx", lambda: zip_of({f"word/{n}.xml": b"" for n in range(6000)}), TooLarge),
    "a Word file with a password in its zip": ("a.docx", locked_zip, Unreadable),
    "a Word file in an encrypted container": (
        "a.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 999,
        Unreadable,
    ),
    "a billion laughs": ("a.docx", lambda: zip_of({"word/document.xml": BILLION.encode()}), Unreadable),
    "an entity that reads a file": ("a.docx", lambda: zip_of({"word/document.xml": OUTSIDE.encode()}), None),
    "broken XML": ("a.docx", lambda: zip_of({"word/document.xml": b"<w:document><w:body>"}), Unreadable),
    "deeply nested XML": ("a.docx", lambda: word("<w:p>" * 100_000), Unreadable),
    "deeply nested tables": (
        "a.docx",
        lambda: word("<w:tbl><w:tr><w:tc>" * 80 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 80),
        None,
    ),
    "a PDF that is only a head": ("a.pdf", lambda: b"%PDF-1.7\n", Unreadable),
    "a PDF cut in half": ("a.pdf", lambda: pdf_page(b"BT (hello) Tj ET")[:150], Unreadable),
    "a PDF with a password": ("a.pdf", locked_pdf, Unreadable),
    "a PDF whose page tree is a circle": (
        "a.pdf",
        lambda: pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        Error,
    ),
    "a PDF bomb": (
        "a.pdf",
        lambda: pdf_page(zlib.compress(b"(x) Tj " * 5_000_000, 1), b"/Filter /FlateDecode"),
        Error,
    ),
    "a PDF without a text layer": ("scan.pdf", lambda: pdf_page(b"0 0 m 9 9 l S"), EmptyText),
    "deeply nested HTML": ("a.html", lambda: long("<div>", "<html><body>deep"), None),
    "nested tables": ("a.html", lambda: long("<table><tr><td>x", "<html><body>"), None),
    "tags that never end": ("a.html", lambda: long("<a ", "<html><body>words"), None),
    "comments that never end": ("a.html", lambda: long("<!--", "<html><body>words"), None),
    "quotation marks that never end": ("a.html", lambda: long("<a href=\"'", "<html><body>words"), None),
    "entities of thousands of digits": ("a.html", lambda: b"<html><body>x &#" + b"9" * LENGTH + b"; y", None),
    "everything hidden": ("a.html", lambda: b"<html><body><div hidden>x</div></body></html>", EmptyText),
    "JSON nested deeply": ("a.json", lambda: b"[" * LENGTH, Unreadable),
    "JSON cut in half": ("a.json", lambda: b'[{"speaker": "A", "text": "he', Unreadable),
    "JSON that is no transcript": ("a.json", lambda: b'{"a": 1, "b": [1, 2, 3]}', Unreadable),
    "JSON with half a character": ("a.json", lambda: b'[{"speaker": "A", "text": "x \\ud800 y"}]', None),
    "a number too large for a time": ("a.json", lambda: b'[{"speaker": "A", "text": "x", "start": 1e308}]', None),
    "a mail to nobody without end": ("a.eml", (MAIL + "Cc: " + "a," * 60_000 + "\n\nhello").encode, None),
    "an address that never closes": ("a.eml", (MAIL + 'Cc: "' + "<" * 90_000 + "\n\nhello").encode, None),
    "encoded words without end": (
        "a.eml",
        (MAIL + "Subject: " + "=?utf-8?q?" * 9_000 + "\n\nhello").encode,
        None,
    ),
    "thousands of parts": (
        "a.eml",
        (MAIL + 'Content-Type: multipart/mixed; boundary="b"\n\n' + PART * 4_000 + "--b--").encode,
        None,
    ),
    "mails inside mails": (
        "a.eml",
        (("From: a@b.example\nTo: c@d.example\nContent-Type: message/rfc822\n\n" * 500) + "hello").encode,
        Error,
    ),
    "an unknown charset": (
        "a.eml",
        lambda: (MAIL + "Content-Type: text/plain; charset=klingon\n\nh\xe9llo").encode("latin1"),
        None,
    ),
    "closings without end": ("a.eml", lambda: long("Regards\n", MAIL + "\nhello\n"), None),
    "a quotation a thousand deep": ("a.eml", (MAIL + "\nhello\n" + ">" * 9_000 + " x").encode, None),
    "a cue without words": ("a.vtt", lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", EmptyText),
    "voices that never close": ("a.vtt", lambda: long("<v ", "WEBVTT\n\n00:01.000 --> 00:02.000\nhi "), None),
    "a submission without readable parts": (
        "a.txt",
        lambda: b"<SEC-DOCUMENT>\n<DOCUMENT>\n<TYPE>GRAPHIC\n<TEXT>\nbegin 644 a.jpg\nM\nend\n</TEXT>\n</DOCUMENT>",
        Unreadable,
    ),
    "documents that never end": ("a.txt", lambda: long("<DOCUMENT>\n<TYPE>8-K\n<TEXT>x", "<SEC-DOCUMENT>"), None),
    "one word without end": ("a.txt", lambda: "年".encode() * LENGTH, None),
    "a line of open brackets": ("a.txt", lambda: long("(", "Attendees: "), None),
    "UTF-16 cut inside a character": (
        "a.txt",
        lambda: "\ufeffhello world, this is a note".encode("utf-16-le")[:-1],
        None,
    ),
    "UTF-8 with broken bytes": ("a.txt", lambda: b"hello \xff\xfe w\xc3rld, caf\xe9 and more words here", None),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_gives_a_clear_error_or_a_document(kind: str):
    filename, make, outcome = KINDS[kind]
    data = make()
    started = time.monotonic()
    if outcome is None:
        document = read(data, filename, SETTINGS)
        passages(document)
        assert document.text.strip()
        assert "root:" not in document.text
    else:
        with pytest.raises(outcome) as raised:
            read(data, filename, SETTINGS)
        assert isinstance(raised.value, Unreadable | TooLarge | EmptyText)
        assert raised.value.message
    assert time.monotonic() - started < 12


def test_there_are_at_least_thirty_kinds_of_hostile_files():
    assert len(KINDS) >= 30


def test_a_reader_that_takes_too_long_is_stopped():
    slow = Settings(user="test", parse_seconds=0.02)
    with pytest.raises(Unreadable, match="longer than is allowed"):
        read(word(paragraph("hello")), "a.docx", slow)


def test_a_reader_that_takes_too_much_memory_is_stopped():
    small = Settings(user="test", parse_memory_mb=200)
    with pytest.raises(Unreadable, match="more memory than is allowed"):
        read(word(paragraph("hello") * 300_000), "a.docx", small)


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[", "<?", "<a ", "</", "<a href='"])
def test_tags_that_never_end_are_searched_for_once(piece: str):
    text = "words " + piece * (1_200_000 // len(piece))
    started = time.monotonic()
    assert sum(1 for _ in tokens(text)) > 1
    assert time.monotonic() - started < 20


def test_a_reader_may_not_reach_the_network_or_start_programs():
    import subprocess
    import sys

    from pipeline.settings import ROOT

    for wanted in ("import socket; socket.create_connection(('127.0.0.1', 9))", "import os; os.system('true')"):
        limits = "from pipeline.ingest.child import _limit; _limit(900, 9)"
        program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {limits}; {wanted}"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert "PermissionError" in done.stderr
