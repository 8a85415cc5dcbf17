"""Tables of a workbook or a .csv file as words, whatever the type of a cell."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pipeline.errors import TooLarge, Unreadable

LONGEST = 50_000
"""Rows of one table."""
WIDEST = 200
LARGEST = 200_000_000
"""Bytes of a workbook once unpacked: a small file can hold far more."""


def is_workbook(data: bytes) -> bool:
    """Whether it is an .xlsx file, by its content."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False


def workbook(data: bytes, filename: str) -> dict[str, list[tuple[str, ...]]]:
    """The sheets of an .xlsx file by title, their rows as words; empty rows at the end left out.

    Raises Unreadable or TooLarge.
    """
    import openpyxl

    try:
        if sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist()) > LARGEST:
            raise TooLarge(f"{filename} unpacked")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {sheet.title: _trimmed(sheet.iter_rows(values_only=True), filename) for sheet in book.worksheets}
    except TooLarge:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises whatever it stumbles over in a broken file
        raise Unreadable(f"{filename} is no workbook ({type(error).__name__})", "Save it as .xlsx again.") from None


def separated(data: bytes, filename: str) -> list[tuple[str, ...]]:
    """The rows of a .csv file, whichever sign parts its columns. Raises Unreadable."""
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable(f"{filename} as a table")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        return _trimmed(csv.reader(io.StringIO(text), dialect), filename)
    except csv.Error as error:
        raise Unreadable(f"{filename} as a table ({error})") from None


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _trimmed(rows: Iterator[Sequence[Any]], filename: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for number, row in enumerate(rows, 1):
        if number > LONGEST:
            raise TooLarge(f"{filename} has more than {LONGEST} rows")
        found.append(tuple(_words(value) for value in row[:WIDEST]))
    while found and not any(found[-1]):
        found.pop()
    return found


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
