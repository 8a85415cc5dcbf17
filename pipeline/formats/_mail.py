"""Mail written out as text: which lines are older or forwarded words, which are signatures and footers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.language.written import first_day
from pipeline.records import LineKind, Participant

QUOTE_MARK = re.compile(r"^(?:[ \t]?>)+ ?")
FIELDS = {
    "from": "from von de da van fra från od 差出人 送信者 发件人",
    "sent": "date sent datum gesendet envoyé fecha enviado data inviato verzonden 送信日時 日付 日時 发送时间",
    "to": "to an à a para aan 宛先 收件人",
    "subject": "subject betreff objet asunto oggetto onderwerp 件名 主题",
    "cc": "cc kopie bcc copie reply-to importance attachments anlagen",
}
FIELD = {word: name for name, words in FIELDS.items() for word in words.split()}
FIELD_LINE = re.compile(r"^\s*[*_]{0,2}([^\W\d_][\w-]{0,15})[*_]{0,2}\s?[:：][*_]{0,2}\s*(.*)$")
FORWARDED = re.compile(
    r"^\s*[-_=*—]{2,}\s*(?:forwarded message|forwarded by|original message|original appointment|"
    r"weitergeleitete nachricht|"
    r"ursprüngliche nachricht|urspruengliche nachricht|message transféré|message transfere|message d.origine|"
    r"mensaje reenviado|mensaje original|messaggio inoltrato|messaggio originale|doorgestuurd bericht|"
    r"oorspronkelijk bericht|mensagem encaminhada|mensagem original|転送|元のメッセージ|转发)"
    r"|^\s*(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié)\s*:",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"^\s*(?:On|Am|Le|El|Il|Op|Em)\s.{4,200}?"
    r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu)\b.{0,120}[:：]\s*$"
    r"|^\s*\d{4}年.{4,120}[:：]\s*$",
    re.IGNORECASE | re.DOTALL,
)
WROTE_BEGINS = re.compile(r"^\s*(?:On|Am|Le|El|Il|Op|Em)\s.*\d", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
CLOSING = re.compile(
    r"^\s*(?:(?:kind|best|warm|many|with best|with kind)\s+)?(?:regards|wishes|thanks|thank you|cheers|best|sincerely|"
    r"yours(?: sincerely| truly)?|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|"
    r"(?:viele|beste|liebe|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e|"
    r"mfg|lg|vg|cordialement|bien (?:à|a) vous|saludos|un saludo|atentamente|"
    r"cordiali saluti|met vriendelijke groet(?:en)?|敬具)"
    r"\s*[,.!]?\s*$",
    re.IGNORECASE,
)
BOILERPLATE = re.compile(
    r"^\W*(?:this|the information (?:contained )?in this|the contents of this)\s"
    r"(?:e-?mail|message|communication|transmission)\b"
    r".{0,160}\b(?:confidential|privileged|intended|recipient)"
    r"|^\W*diese e-?mail (?:enthält|ist|kann).{0,120}(?:vertraulich|bestimmt)"
    r"|^\W*ce (?:message|courriel).{0,120}confidentiel"
    r"|^\W*este (?:mensaje|correo).{0,120}confidencial"
    r"|^\W*(?:caution|external(?: e-?mail| sender)?|warning)\s*[:\]].{0,80}\b(?:e-?mail|sender|organi[sz]ation|links)"
    r"|^\W*if you (?:are not the intended|have received this)"
    r"|^\W*(?:sent from my|get outlook for|gesendet von meinem|envoyé de mon|enviado desde mi|von meinem iphone)"
    r"|^\W*(?:join (?:zoom|on your computer|the meeting now|microsoft teams)|"
    r"meeting id\s*:|passcode\s*:|dial.in by phone)"
    r"|^\W*(?:to )?unsubscribe\b|^\W*please consider the environment",
    re.IGNORECASE,
)
SIGNATURE_LINES = 9
SIGNATURE_REACH = 40
LONGEST_FIELD = 2_000


@dataclass(frozen=True)
class Mark:
    """What one line of a mail is: its kind, and whose words from which day when they are not the sender's own."""

    kind: LineKind = LineKind.body
    author: str | None = None
    said_on: date | None = None


@dataclass(frozen=True)
class Marked:
    """The marks of all lines; `mail` tells whether any sign of a mail was seen, `fields` the header at the very top."""

    marks: list[Mark]
    mail: bool
    fields: dict[str, str]


OWN = Mark()


def marked(lines: Sequence[str], is_mail: bool) -> Marked:
    """Marks each line. `is_mail`: known to be one, so that `>` means quoted even without an introduction."""
    reader = _Reader(lines)
    reader.run()
    mail = is_mail or reader.seen
    if not mail:
        return Marked([Mark(LineKind.boilerplate) if BOILERPLATE.match(line) else OWN for line in lines], False, {})
    marks = reader.marks
    _sign(lines, marks)
    return Marked(marks, reader.seen, reader.top)


def person(written: str) -> Participant | None:
    """Somebody as a mail names them: `Ann Lee <ann@x.example>`, `Lee, Ann`, `ann@x.example [mailto:…]`."""
    address = ADDRESS.search(written)
    name = re.sub(r"[<\[(].*?[>\])]", " ", written[:LONGEST_FIELD])
    if address:
        name = name.replace(address.group(), " ")
    name = " ".join(name.replace("mailto:", " ").strip(" \t\"'*<>;,").split())
    if name.count(",") == 1:
        last, _, first = name.partition(",")
        if 0 < len(first.split()) <= 2 and len(last.split()) <= 2:
            name = f"{first.strip()} {last.strip()}"
    if not name and not address:
        return None
    return Participant(
        name=(name or str(address and address.group()))[:200], email=address.group() if address else None
    )


def people(written: str) -> list[Participant]:
    """The people of a To or Cc line; commas inside quotation marks or before an address do not separate."""
    pieces = re.split(r";|,(?=[^,;]*@)(?<=[>@\w])(?=\s)|(?<=>),", written[: LONGEST_FIELD * 5])
    pieces = [more for piece in pieces for more in _unjoined(piece)]
    return [found for found in map(person, pieces) if found]


def _unjoined(piece: str) -> list[str]:
    """`Ann Lee, Bo Ek` are two people, `Lee, Ann` is one."""
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    if "@" in piece or len(parts) < 2 or (len(parts) == 2 and all(len(part.split()) == 1 for part in parts)):
        return [piece]
    return parts


class _Reader:
    """Goes down the lines and keeps, for each depth of quotation marks, whose part it is in."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.split = [_depth(line) for line in lines]
        self.marks: list[Mark] = []
        self.parts: dict[int, Mark] = {0: OWN}
        self.seen = False
        self.top: dict[str, str] = {}

    def run(self) -> None:
        """Fills `marks`, one for each line."""
        before = 0
        while len(self.marks) < len(self.lines):
            at = len(self.marks)
            depth, words = self.split[at]
            if depth != before and words.strip():
                self._move(depth)
                before = depth
            self._line(at, depth, words)

    def _move(self, depth: int) -> None:
        for deeper in [known for known in self.parts if known > depth]:
            if deeper > depth + 1:
                del self.parts[deeper]
        self.parts.setdefault(depth, Mark(LineKind.quoted))

    def _line(self, at: int, depth: int, words: str) -> None:
        part = self.parts.get(depth, Mark(LineKind.quoted))
        if FORWARDED.match(words):
            self.seen = True
            self.parts[depth] = Mark(LineKind.quoted)
            self.marks.append(Mark(LineKind.header))
        elif (block := self._fields(at, depth)) is not None:
            self._header(depth, *block)
        elif (taken := self._attribution(at, depth)) is not None:
            self._attributed(at, depth, taken)
        elif BOILERPLATE.match(words):
            self.marks.append(replace(part, kind=LineKind.boilerplate))
        else:
            self.marks.append(part)

    def _header(self, depth: int, fields: dict[str, str], length: int) -> None:
        author = person(fields.get("from", ""))
        found = Mark(LineKind.quoted, author.name if author else None, first_day(fields.get("sent", "")))
        at_top = depth == 0 and not self.seen and not any(line.strip() for line in self.lines[: len(self.marks)])
        self.seen = True
        if at_top:
            self.top = fields
            found = OWN
        self.parts[depth] = found
        self.marks += [replace(found, kind=LineKind.header)] * length

    def _fields(self, at: int, depth: int) -> tuple[dict[str, str], int] | None:
        """The header block that begins here: at least two different fields, the first of them a usual first one."""
        first = _field(self.split[at][1])
        if first is None or first[0] not in {"from", "sent", "to", "subject"}:
            return None
        fields, length, last = {first[0]: first[1]}, 1, first[0]
        for deep, words in self.split[at + 1 : at + 14]:
            found = _field(words)
            if deep != depth or not words.strip():
                break
            if found:
                fields.setdefault(found[0], found[1])
                last = found[0]
            elif last in {"to", "cc"} and ("@" in words or ";" in words) and words[:1].isspace():
                fields[last] = f"{fields[last]} {words.strip()}"
            else:
                break
            length += 1
        return (fields, length) if "from" in fields and len(fields) > 1 else None

    def _attribution(self, at: int, depth: int) -> str | None:
        """`On …, Ann Lee wrote:`, on one line or wrapped over up to three."""
        words = self.split[at][1]
        if not WROTE_BEGINS.match(words) and not words[:4].isdigit():
            return None
        joined = ""
        for deep, more in self.split[at : at + 3]:
            if deep != depth or not more.strip():
                return None
            joined = f"{joined}\n{more.strip()}" if joined else more.strip()
            if WROTE.match(joined[:600]):
                return joined
        return None

    def _attributed(self, at: int, depth: int, written: str) -> None:
        self.seen = True
        lines = written.count("\n") + 1
        told = " ".join(written.split())
        part = Mark(LineKind.quoted, _attributed_to(told), first_day(told))
        after = next((deep for deep, words in self.split[at + lines :] if words.strip()), depth)
        self.parts[depth + 1 if after > depth else depth] = part
        self.marks += [replace(part, kind=LineKind.header)] * lines


def _depth(line: str) -> tuple[int, str]:
    mark = QUOTE_MARK.match(line)
    return (mark.group().count(">"), line[mark.end() :]) if mark else (0, line)


def _field(words: str) -> tuple[str, str] | None:
    match = FIELD_LINE.match(words[:LONGEST_FIELD])
    name = FIELD.get(match.group(1).casefold()) if match else None
    return (name, match.group(2).strip()) if match and name else None


def _attributed_to(told: str) -> str | None:
    """The name in `On Tue, 2 Jun 2026 at 10:04, Ann Lee <ann@x.example> wrote:`, or after the verb as in German."""
    after = re.search(r"\bschrieb\s+(.{2,100}?)\s*[:：]\s*$", told, re.IGNORECASE)
    before = re.search(
        r"(?:\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?(?:uhr|\(?[A-Z]{2,5}\)?|[+-]\d{4}))?|\b(?:19|20)\d\d)"
        r"[\s,]+(?:(?:at|um|à|a las)\s+\S+\s+)?([^\d].{1,120}?)\s+"
        r"(?:wrote|a écrit|escribió|ha scritto|schreef|escreveu)\b",
        told,
        re.IGNORECASE,
    )
    found = after or before
    who = person(found.group(1)) if found else None
    return who.name if who else None


def _sign(lines: Sequence[str], marks: list[Mark]) -> None:
    """Marks the signatures at the end of each part."""
    begin = 0
    while begin < len(marks):
        end = begin
        while end < len(marks) and marks[end] == marks[begin]:
            end += 1
        if marks[begin].kind in {LineKind.body, LineKind.quoted}:
            start = _signature(lines, begin, end)
            marks[start:end] = [replace(marks[begin], kind=LineKind.signature)] * (end - start)
        begin = end


def _signature(lines: Sequence[str], begin: int, end: int) -> int:
    """Where the signature of the lines [begin, end) starts; `end` when there is none."""
    for at in range(max(begin, end - SIGNATURE_REACH), end):
        words = _depth(lines[at])[1]
        if words.rstrip("\r") in {"-- ", "--", "__"}:
            return at
        if CLOSING.match(words):
            rest = [_depth(line)[1].strip() for line in lines[at + 1 : end]]
            rest = [line for line in rest if line]
            if len(rest) <= SIGNATURE_LINES and all(len(line) < 90 and not _says_more(line) for line in rest):
                return at
    return end


def _says_more(line: str) -> bool:
    return bool(re.match(r"P\.?\s?S\b", line)) or line.endswith("?") or bool(re.match(r"[-*•]\s|\d+[.)]\s", line))
