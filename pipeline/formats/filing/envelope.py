"""The envelope EDGAR puts around a submission: a header of fields, then documents between tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.formats import Losses

BEGIN = re.compile(rb"<SEC-DOCUMENT>|<SEC-HEADER>|<IMS-DOCUMENT>|<SUBMISSION>|<DOCUMENT>\s*<TYPE>", re.IGNORECASE)
FIELD = re.compile(r"^\s*<?(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>[ \t]*([^\n<]{0,300})", re.IGNORECASE | re.MULTILINE)
HEADER_FIELDS = {
    "accession": re.compile(r"ACCESSION NUMBER:\s*([\d-]{18,22})"),
    "form": re.compile(r"(?:CONFORMED SUBMISSION TYPE|FORM TYPE):\s*(\S[^\n]{0,30})"),
    "report_date": re.compile(r"CONFORMED PERIOD OF REPORT:\s*(\d{8})"),
    "filed": re.compile(r"FILED AS OF DATE:\s*(\d{8})"),
    "company": re.compile(r"COMPANY CONFORMED NAME:\s*(\S[^\n]{0,200})"),
    "cik": re.compile(r"CENTRAL INDEX KEY:\s*(\d{1,10})"),
}
HEADER_END = 60_000
# Parts for machines, or the same words once more.
NOT_READ = re.compile(
    r"(?:GRAPHIC|ZIP|EXCEL|XML|JSON|COVER|PDF|EX-10[0-4]\b.*|EX-27|.*\.(?:XSD|CAL|DEF|LAB|PRE|INS|SCH))", re.IGNORECASE
)
UUENCODED = re.compile(r"^begin [0-7]{3} \S", re.MULTILINE)
HTML = re.compile(r"<(?:html|body|div|p|table|font|!doctype)\b", re.IGNORECASE)
DOCUMENT_TAG, DOCUMENT_END = "<DOCUMENT>", "</DOCUMENT>"


@dataclass(frozen=True)
class Part:
    """One document of a submission: its type such as "8-K" or "EX-99.1" (empty for a bare page), its text."""

    type: str
    text: str

    @property
    def is_html(self) -> bool:
        """Whether it is a page, not the plain text of older years."""
        return HTML.search(self.text[:20_000]) is not None


def is_envelope(head: bytes) -> bool:
    """Whether a file begins like a submission."""
    return BEGIN.search(head[:4_096]) is not None or b"<DOCUMENT>\n<TYPE>" in head.replace(b"\r", b"")


def header(text: str) -> dict[str, str]:
    """The fields of the submission's header; the first filer's when there are several."""
    head = text[:HEADER_END]
    end = head.find("</SEC-HEADER>")
    if end < 0 and DOCUMENT_TAG in head:
        end = head.find(DOCUMENT_TAG)
    if end < 0:
        return {}
    found = {name: pattern.search(head[:end]) for name, pattern in HEADER_FIELDS.items()}
    return {name: match.group(1).strip() for name, match in found.items() if match}


def parts(text: str, losses: Losses) -> Iterator[Part]:
    """The readable documents of a submission; a page without an envelope is the only one."""
    begin = text.find(DOCUMENT_TAG)
    if begin < 0:
        yield Part("", text)
        return
    while begin >= 0:
        end = text.find(DOCUMENT_END, begin)
        following = text.find(DOCUMENT_TAG, begin + len(DOCUMENT_TAG))
        stop = min((place for place in (end, following) if place >= 0), default=len(text))
        part = _part(text[begin + len(DOCUMENT_TAG) : stop], losses)
        if part:
            yield part
        begin = following


def _part(inner: str, losses: Losses) -> Part | None:
    start = inner.find("<TEXT>")
    head = inner[: start if 0 <= start < 3_000 else 3_000]
    fields = {name.upper(): value.strip() for name, value in FIELD.findall(head)}
    kind = fields.get("TYPE", "")
    body = inner[start + len("<TEXT>") :] if start >= 0 else inner[len(head) :]
    end = body.rfind("</TEXT>")
    body = body[:end] if end >= 0 else body
    if NOT_READ.fullmatch(kind) or UUENCODED.search(body[:2_000]):
        losses.add("parts of the filing for machines", fields.get("FILENAME", kind))
        return None
    return Part(kind, body) if body.strip() else None
