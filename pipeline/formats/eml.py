"""Mails (.eml): headers, the readable part, quoted and forwarded mails, attachments that are texts themselves."""

import email
import email.policy
import re
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from pipeline.errors import Error
from pipeline.formats import (
    Draft,
    Format,
    Reading,
    choose,
    decode,
    document,
    marked,
    page,
    person,
    text_lines,
)
from pipeline.records import Document, LineKind, Participant, SourceKind

FIELD = re.compile(rb"^(?:[\x21-\x39\x3b-\x7e]{1,60}):[ \t]?", re.MULTILINE)
KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|reply-to|x-[\w-]+)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
SHOWN = ("From", "To", "Cc", "Date", "Subject")
DEEPEST = 3
MOST_PARTS = 500
LONGEST_FIELD, LONGEST_HEAD = 8_000, 60_000
READABLE = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".vtt", ".srt", ".eml", ".json")
depth: ContextVar[int] = ContextVar("depth of attachments", default=0)


@dataclass(frozen=True)
class Body:
    """The part of a mail that is read, as text lines."""

    text: str
    from_html: bool


def sniff(data: bytes, filename: str | None) -> float:
    """Two or more of the usual header fields before the first empty line, and nothing but fields there."""
    head = _plain(data[:20_000]).lstrip()
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0][:8000]
    if block.startswith(b"From "):
        block = block.partition(b"\n")[2]
    lines = [line for line in block.splitlines() if line and line[:1] not in b" \t"]
    if not lines or not all(FIELD.match(line) for line in lines):
        return 0.0
    known = len({found.lower() for found in KNOWN.findall(block)})
    technical = re.search(
        rb"^(?:message-id|mime-version|received|delivered-to|content-type)\s*:", block, re.IGNORECASE | re.MULTILINE
    )
    if known >= 2 and technical:
        return 0.9
    named = bool(filename) and str(filename).lower().endswith(FORMAT.suffixes)
    return 0.7 if known >= 2 and named else 0.0


def read(data: bytes, _filename: str | None) -> Document:
    """The mail with its quoted parts marked. Raises Unreadable, EmptyText."""
    reading = Reading()
    message = email.message_from_bytes(_trimmed(_plain(data), reading), policy=email.policy.default)
    _read(message, reading)
    return document(reading, SourceKind.email, FORMAT.name)


def _plain(data: bytes) -> bytes:
    """A mail saved as UTF-16 is turned into UTF-8; the rest stays as it is, each part has its own charset."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[1:2] == b"\x00" or data[:1] == b"\x00":
        return decode(data).encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf")


def _trimmed(data: bytes, reading: Reading) -> bytes:
    """Cuts header fields that are longer than any real one: the standard parser takes minutes for such."""
    kept: list[bytes] = []
    in_head, field, head = True, 0, 0
    for line in data.splitlines(keepends=True):
        if line.startswith(b"--"):
            in_head, field, head = True, 0, 0
        elif not line.strip():
            in_head = False
        elif in_head:
            field = field + len(line) if line[:1] in b" \t" else len(line)
            head += len(line)
            if field > LONGEST_FIELD or head > LONGEST_HEAD:
                reading.losses.add("overlong mail headers", line[:80].decode("ascii", "replace"))
                continue
        kept.append(line)
    return b"".join(kept)


def _read(message: EmailMessage, reading: Reading) -> None:
    for name in SHOWN:
        for value in _header(message, name):
            reading.add(f"{name}: {value}", LineKind.header)
    _people(message, reading)
    reading.title = next(iter(_header(message, "Subject")), None)
    _date(message, reading)
    for name in ("Message-ID", "In-Reply-To", "References"):
        value = " ".join(_header(message, name))
        reading.attributes[name.lower()] = value[:500]
    body, rest = _parts(message, reading)
    if body:
        reading.add("", LineKind.header)
        _body(body, reading)
    for part in rest:
        _attachment(part, reading)


def _header(message: EmailMessage, name: str) -> list[str]:
    try:
        values = message.get_all(name) or []
        return [" ".join(str(value).split())[:4000] for value in values][:5]
    except Exception:  # noqa: BLE001 - the standard parser fails in many ways on malformed headers
        return []


def _people(message: EmailMessage, reading: Reading) -> None:
    seen: set[str] = set()
    for name in ("From", "To", "Cc"):
        for address in _addresses(message, name):
            named = person(address.display_name)
            who = Participant(name=named.name if named else address.addr_spec, email=address.addr_spec or None)
            if who.name and who.name.casefold() not in seen:
                seen.add(who.name.casefold())
                reading.participants.append(who)
                if name == "From" and reading.author is None:
                    reading.author = who.name


def _addresses(message: EmailMessage, name: str) -> list[Address]:
    try:
        return [address for value in message.get_all(name) or [] for address in value.addresses][:200]
    except Exception:  # noqa: BLE001 - as above
        return []


def _date(message: EmailMessage, reading: Reading) -> None:
    for value in _header(message, "Date"):
        try:
            reading.dated(parsedate_to_datetime(value).date(), f"the mail's Date: {value[:60]}")
        except (ValueError, TypeError, IndexError, OverflowError):
            reading.warnings.append("The mail's Date can't be read.")


def _parts(message: EmailMessage, reading: Reading) -> tuple[Body | None, list[EmailMessage]]:
    """The readable body and the other parts worth looking at."""
    plain: list[str] = []
    pages: list[str] = []
    rest: list[EmailMessage] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or part.get_filename():
            rest.append(part)
        elif kind == "text/plain":
            plain.append(_text(part))
        elif kind == "text/html":
            pages.append(_text(part))
        else:
            rest.append(part)
    words = "\n".join(plain)
    if words.strip():
        if pages:
            _compare(words, pages, reading)
        return Body(words, from_html=False), rest
    if pages:
        shown = [page(one, reading.losses) for one in pages]
        lines = [f"{'> ' * block.quoted}{block.words}" for one in shown for block in one.blocks]
        return Body("\n".join(lines), from_html=True), rest
    return None, rest


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that hold something; a mail inside a mail is one part."""
    stack = [message]
    count = 0
    while stack and count < MOST_PARTS:
        part = stack.pop()
        count += 1
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            stack.extend(reversed([one for one in part.get_payload() if isinstance(one, EmailMessage)]))
        else:
            yield part


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    return decode(payload, part.get_content_charset()) if payload.strip() else ""


def _compare(words: str, pages: list[str], reading: Reading) -> None:
    """The HTML version is left out; when it says something else, that is told."""
    from pipeline.formats import Losses

    shown = " ".join(block.words for one in pages for block in page(one, Losses()).blocks)
    here, there = set(re.findall(r"\w{3,}", words.casefold())), set(re.findall(r"\w{3,}", shown.casefold()))
    if len(there - here) > 0.2 * max(len(there), 10):
        reading.losses.add("HTML version of the mail", shown)
        reading.warnings.append("The mail's HTML version differs from its plain text; the plain text was read.")


def _body(body: Body, reading: Reading) -> None:
    drafts = text_lines(body.text)
    marks = marked([draft.words for draft in drafts], is_mail=True).marks
    for draft, mark in zip(drafts, marks, strict=True):
        reading.lines.append(Draft(draft.words, mark.kind, mark.author, mark.said_on))


def _attachment(part: EmailMessage, reading: Reading) -> None:
    name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2][:120]
    kind = part.get_content_type()
    if kind == "message/rfc822":
        _forwarded(part, name, reading)
    elif kind.startswith("text/") or name.lower().endswith(READABLE):
        payload = part.get_payload(decode=True)
        _attached(
            payload if isinstance(payload, bytes) else b"", name or f"attachment.{kind.partition('/')[2]}", reading
        )
    else:
        reading.losses.add("attachments that are no texts", name or kind)


def _forwarded(part: EmailMessage, name: str, reading: Reading) -> None:
    inner = next((one for one in part.get_payload() if isinstance(one, EmailMessage)), None)
    if inner is not None:
        _attached(inner.as_bytes(policy=email.policy.default.clone(max_line_length=None)), name or "mail.eml", reading)


def _attached(data: bytes, name: str, reading: Reading) -> None:
    """Adds an attached text below the mail; an attached mail is somebody's earlier words."""
    if depth.get() >= DEEPEST:
        reading.losses.add("attachments nested too deeply", name)
        return
    token = depth.set(depth.get() + 1)
    try:
        inner = choose(data, name).read(data, name)
    except Error as error:
        reading.losses.add("attachments that can't be read", f"{name}: {error.message}")
        return
    finally:
        depth.reset(token)
    reading.add("", LineKind.header)
    reading.add(f"[{name}]", LineKind.header)
    is_mail = inner.kind is SourceKind.email
    for line in inner.lines:
        kind = LineKind.quoted if is_mail and line.kind is LineKind.body else line.kind
        speaker = line.speaker or (inner.author if is_mail else None)
        reading.lines.append(
            Draft(inner.words(line), kind, speaker, line.said_on or inner.said_on, line.cue, line.page, line.item)
        )
    reading.attributes["attachments"] = "; ".join(filter(None, [reading.attributes.get("attachments"), name]))
    for lost in inner.dropped:
        reading.losses.add(lost.what, lost.sample, lost.count)


FORMAT = Format("eml", (".eml",), sniff, read, direct_bytes=100_000)
