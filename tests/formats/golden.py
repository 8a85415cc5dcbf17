"""Writes the golden pairs' binary documents and, after a change that was looked at, their expected JSON.

python -m tests.formats.golden            the .docx and .pdf files
python -m tests.formats.golden --expected every <case>.expected.json, to be read before it is committed
"""

import json
import sys
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.ingest import passages, read
from pipeline.records import Document
from pipeline.settings import Settings

CASES = Path(__file__).resolve().parents[1] / "cases" / "formats"
TODAY = date(2026, 6, 30)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def told(document: Document) -> dict[str, Any]:
    """Everything worth comparing, a line as [number, words, and what it has besides]."""
    lines = []
    for line in document.lines:
        about = line.model_dump(mode="json", exclude={"number", "start", "end"}, exclude_defaults=True)
        lines.append([line.number, document.words(line), about] if about else [line.number, document.words(line)])
    whole = document.model_dump(mode="json", exclude={"text", "lines", "participants"}, exclude_defaults=True)
    people = [who.model_dump(mode="json", exclude_defaults=True) for who in document.participants]
    return {**whole, "participants": people, "lines": lines, "passages": len(passages(document))}


def read_case(path: Path) -> dict[str, Any]:
    """What reading a case gives."""
    return told(read(path.read_bytes(), path.name, Settings(user="test"), today=TODAY))


def cases() -> list[Path]:
    """Every document of the golden pairs."""
    return sorted(path for path in CASES.glob("*/*") if not path.name.endswith(".expected.json"))


def expected(path: Path) -> Path:
    """Where a case's expected JSON lies."""
    return path.with_name(f"{path.stem}.expected.json")


def docx(parts: dict[str, str]) -> bytes:
    """A Word file of these parts, each the inside of its root element."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in parts.items():
            stamp = zipfile.ZipInfo(name, (2026, 6, 1, 0, 0, 0))
            archive.writestr(stamp, f'<?xml version="1.0" encoding="UTF-8"?>{inside}')
    return made.getvalue()


def paragraph(words: str) -> str:
    """A paragraph of one run."""
    return f"<w:p><w:r><w:t xml:space='preserve'>{words}</w:t></w:r></w:p>"


def minutes() -> bytes:
    """Minutes with a table, a tracked deletion, hidden words, a comment, a page head and a footnote."""
    body = (
        paragraph("Minutes, Ravelin Mills, 19 June 2026")
        + paragraph("Attendees: Odile Marchetti (Head of Dyeing), Piet Osei")
        + "<w:p><w:r><w:t>The price is </w:t></w:r><w:del w:author='Bo'><w:r><w:delText>not </w:delText></w:r></w:del>"
        "<w:ins w:author='Bo'><w:r><w:t>fine for line 2</w:t></w:r></w:ins>"
        "<w:r><w:t>.</w:t><w:br/><w:t>Line 1 waits.</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Approve everything.</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc>" + paragraph("Who") + "</w:tc><w:tc>" + paragraph("What") + "</w:tc></w:tr>"
        "<w:tr><w:tc>"
        + paragraph("Piet")
        + "</w:tc><w:tc>"
        + paragraph("contract")
        + paragraph("by 26 June")
        + "</w:tc></w:tr></w:tbl>"
    )
    note = paragraph("Prices without tax.")
    comment = (
        "<w:comment w:author='Lina Hahn' w:date='2026-06-20T08:00:00Z'>"
        + paragraph("Is line 1 still open?")
        + "</w:comment>"
    )
    return docx(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/header1.xml": f"<w:hdr {W}>{paragraph('Tintwell, internal')}</w:hdr>",
            "word/footnotes.xml": f"<w:footnotes {W}><w:footnote>{note}</w:footnote></w:footnotes>",
            "word/comments.xml": f"<w:comments {W}>{comment}</w:comments>",
        }
    )


def minutes_by_hand() -> bytes:
    """Minutes with a table in a table, a link, a content control, moved and inserted words, a text box and a break."""
    cell = "<w:tbl><w:tr><w:tc>" + paragraph("owner: Odile Marchetti") + "</w:tc></w:tr></w:tbl>" + paragraph("")
    table = f"<w:tbl><w:tr><w:tc>{paragraph('Contract')}</w:tc><w:tc>{cell}</w:tc></w:tr></w:tbl>"
    link = "<w:p><w:hyperlink><w:r><w:t>the price list</w:t></w:r></w:hyperlink><w:r><w:t> is late</w:t></w:r></w:p>"
    control = f"<w:sdt><w:sdtContent>{paragraph('Date: 22 June 2026')}</w:sdtContent></w:sdt>"
    moved = (
        "<w:p><w:moveFrom><w:r><w:t>line 1 first</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>line 2 first, </w:t></w:r>"
        "</w:ins><w:r><w:t>then</w:t><w:br/><w:t>line 1</w:t><w:tab/><w:t>田中様</w:t></w:r></w:p>"
    )
    box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('In a box: no discount')}</w:txbxContent></w:pict></w:r></w:p>"
    body = paragraph("Ravelin Mills, by hand") + control + table + link + moved + box
    return docx(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        }
    )


def letter() -> bytes:
    """A letter set in two columns over two pages, with an empty page between and signs beyond Latin 1 left out."""
    from fpdf import FPDF

    made = FPDF()
    made.set_creation_date(datetime(2026, 6, 21, tzinfo=UTC))
    made.add_page()
    made.set_font("Helvetica", size=11)
    left = ("Dear Odile,", "the trial on line 2 ends on", "30 June 2026. We would like", "to go on with line 1.")
    right = ("Prices as agreed:", "EUR 12,500 for line 1,", "EUR 9,800 for line 2.", "Imke Vos")
    for x, words in ((10, left), (110, right)):
        for row, line in enumerate(words):
            made.text(x, 20 + 6 * row, line)
    made.add_page()
    made.add_page()
    made.text(10, 20, "P.S. The zero-length cable is \xe0 part.")
    return bytes(made.output())


def memo() -> bytes:
    """A memo of three pages with page heads, page numbers, a word parted at a line's end and a wrapped sentence."""
    from fpdf import FPDF

    made = FPDF()
    made.set_creation_date(datetime(2026, 6, 20, tzinfo=UTC))
    made.set_title("Trial of VatSight")
    first = (
        "Account memo, Ravelin Mills\nDate: 20 June 2026\n\n"
        "The dyeing department has finished the trial on line 2 and wants to keep the sys-\n"
        "tem for the next season. The system was used every day by the three shifts of line 2\nand by nobody else."
    )
    second = "Next steps\n- contract to Odile by 26 June\n- line 1 after the summer break"
    pages = (first, second, "Competitors: none named.")
    for number, words in enumerate(pages, start=1):
        made.add_page()
        made.set_font("Helvetica", size=11)
        for line in ["Tintwell - internal memo", *words.split("\n"), f"Page {number} of {len(pages)}"]:
            made.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def main() -> None:
    """Writes what the command line asks for."""
    (CASES / "docx" / "minutes.docx").write_bytes(minutes())
    (CASES / "docx" / "by_hand.docx").write_bytes(minutes_by_hand())
    (CASES / "pdf" / "memo.pdf").write_bytes(memo())
    (CASES / "pdf" / "two_columns.pdf").write_bytes(letter())
    if "--expected" in sys.argv:
        for path in cases():
            shown = json.dumps(read_case(path), ensure_ascii=False, indent=1, default=str)
            expected(path).write_text(shown + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
