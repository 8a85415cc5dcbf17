"""Transcripts as JSON: a list of turns, or a meeting tool's payload with turns, a summary, action items and people.

No tool's layout is followed to the letter. A turn is an object with words and perhaps a speaker and a time, whatever
these are called; summaries written by the tool are kept below the turns, as boilerplate when there are turns to quote.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from pipeline.errors import Unreadable
from pipeline.formats import Draft, Format, Reading, decode, document, is_stamp
from pipeline.language.written import first_day
from pipeline.records import Document, LineKind, Participant, Side, SourceKind

TURNS = (
    "transcript",
    "speaker_blocks",
    "sentences",
    "entries",
    "segments",
    "utterances",
    "monologues",
    "turns",
    "messages",
    "data",
    "results",
    "cues",
    "transcription",
    "transcript_segments",
)
WORDS = ("text", "words", "sentence", "content", "raw_text", "transcript", "body", "value", "caption")
SPEAKERS = ("speaker", "speaker_name", "speakerName", "name", "displayName", "participant", "author", "user", "who")
NAMES = ("display_name", "displayName", "name", "label", "id", "diarization_label", "email")
TIMES = ("start_time", "startTime", "start", "timestamp", "begin", "offset", "start_ms", "time", "ts")
TITLES = ("title", "meeting_title", "name", "topic", "meeting_topic", "subject", "summary_title")
DAYS = (
    "recording_start_time",
    "recordingStartTime",
    "happenedAt",
    "start_time",
    "startTime",
    "meeting_start_time",
    "started",
    "started_at",
    "scheduled_start_time",
    "scheduledStart",
    "scheduled",
    "date",
    "meeting_date",
    "dateString",
    "createdAt",
    "created_at",
    "timestamp",
)
PEOPLE = (
    "attendees",
    "participants",
    "invitees",
    "calendar_invitees",
    "calendar_guests",
    "meeting_attendees",
    "parties",
    "speakers",
    "organizer",
    "owner",
    "recorded_by",
    "host",
)
SUMMARIES = (
    "summary",
    "default_summary",
    "notes",
    "overview",
    "abstract_summary",
    "summary_overview",
    "summary_text",
    "summary_markdown",
    "short_summary",
    "action_items",
    "actionItems",
    "next_steps",
    "chapter_summaries",
    "summary_details",
    "key_questions",
    "topics",
    "highlights",
    "insights",
    "outline",
)
DEEPEST = 6


def sniff(data: bytes, filename: str | None) -> float:
    """JSON that begins with an object or a list; whether it is a transcript shows only when it is read."""
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head[:1] not in {b"{", b"["}:
        return 0.0
    if filename and filename.lower().endswith(".json"):
        return 0.8
    return 0.5 if head[:1] == b"{" and b'"' in head and b":" in head else 0.3 * (b'{"' in head.replace(b" ", b""))


def read(data: bytes, _filename: str | None) -> Document:
    """A transcript, or a summary when it holds no turns. Raises Unreadable for other JSON."""
    try:
        loaded = json.loads(decode(data))
    except RecursionError:
        raise Unreadable("its JSON is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"its JSON is broken ({str(error)[:80]})") from None
    reading = Reading()
    about = _about(loaded)
    turns = [draft for draft in _turns(loaded) if draft.words]
    _head(about, reading)
    reading.lines += turns
    summary = list(_summaries(about))
    kind = LineKind.boilerplate if turns else LineKind.body
    for words in summary:
        reading.add(words, kind)
    if not turns and not summary:
        raise Unreadable("its JSON holds no transcript: no list of turns with words in it")
    if turns and summary:
        reading.warnings.append("The tool's own summary stands below the transcript; quotes come from the transcript.")
    return document(reading, SourceKind.transcript if turns else SourceKind.summary, FORMAT.name)


def _about(loaded: Any) -> Mapping[str, Any]:
    """The object that describes the meeting: the outermost one, with what its wrappers hold laid into it."""
    about: dict[str, Any] = {}
    level = loaded
    for _ in range(DEEPEST):
        if not isinstance(level, dict):
            break
        about = {**about, **level}
        inner = next((level[key] for key in ("payload", "object", "data", "meeting", "metaData") if key in level), None)
        level = inner
    return about


def _turns(value: Any, depth: int = 0) -> list[Draft]:
    """The longest list of turns anywhere in it."""
    if depth > DEEPEST:
        return []
    if isinstance(value, list):
        drafts = [draft for entry in value for draft in _turn(entry)]
        return drafts if len(drafts) >= 0.5 * max(1, len(value)) else []
    if not isinstance(value, dict):
        return []
    found: list[Draft] = []
    for key in (*(key for key in TURNS if key in value), *(key for key in value if key not in TURNS)):
        if key in SUMMARIES or key in PEOPLE or not isinstance(value[key], dict | list):
            continue
        inner = _turns(value[key], depth + 1)
        if len(inner) > len(found):
            found = inner
    return found


def _turn(entry: Any) -> Iterator[Draft]:
    """The line of a turn; a monologue that holds sentences gives one for each."""
    if not isinstance(entry, dict):
        return
    speaker = _speaker(entry)
    sentences = entry.get("sentences")
    if isinstance(sentences, list):
        for sentence in sentences:
            if isinstance(sentence, dict) and isinstance(words := _first(sentence, WORDS), str):
                yield Draft(" ".join(words.split()), speaker=speaker, cue=_time(sentence))
        return
    words = _first(entry, WORDS)
    if isinstance(words, list):
        words = " ".join(str(_first(word, WORDS) if isinstance(word, dict) else word) for word in words)
    if isinstance(words, str) and (speaker is not None or _time(entry) is not None):
        yield Draft(" ".join(words.split()), speaker=speaker, cue=_time(entry))


def _speaker(entry: Mapping[str, Any]) -> str | None:
    who = _first(entry, SPEAKERS)
    if isinstance(who, dict):
        who = _first(who, NAMES)
    if who is None and "speaker_id" in entry:
        who = f"Speaker {entry['speaker_id']}"
    if isinstance(who, int):
        who = f"Speaker {who}"
    return str(who).strip() or None if isinstance(who, str) else None


def _time(entry: Mapping[str, Any]) -> str | None:
    """The time as written, or from seconds (milliseconds when so large or so named) as hours, minutes, seconds."""
    key = next((key for key in TIMES if entry.get(key) is not None), None)
    value = entry[key] if key else None
    if isinstance(value, str) and value.isdigit():
        value = int(value) / 1000
    elif isinstance(value, str):
        return value if is_stamp(value) else value[:40] or None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**13:
        return None
    if key == "start_ms" or value > 10**6:
        value = value / 1000
    if value > 10**8:
        return datetime.fromtimestamp(value, UTC).strftime("%H:%M:%S")
    return f"{int(value // 3600):02}:{int(value // 60) % 60:02}:{value % 60:06.3f}"


def _head(about: Mapping[str, Any], reading: Reading) -> None:
    title = _first(about, TITLES)
    if isinstance(title, str) and title.strip():
        reading.title = title
        reading.add(title, LineKind.header)
    for key in DAYS:
        day = _day(about.get(key))
        reading.dated(day, f"the file's field {key!r}")
    for key in PEOPLE:
        listed = about.get(key)
        for who in listed if isinstance(listed, list) else [listed]:
            person = _person(who)
            if person:
                reading.participants.append(person)
    for key in ("id", "recording_id", "meeting_id", "meetingId", "icalUid", "url", "calendar_event_id"):
        if isinstance(about.get(key), str | int):
            reading.attributes[key] = str(about[key])[:300]


def _day(value: Any) -> date | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and 10**8 < value < 10**13:
        return datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC).date()
    return first_day(value[:60].replace("T", " ")) if isinstance(value, str) else None


def _person(who: Any) -> Participant | None:
    if isinstance(who, str) and who.strip():
        return Participant(name=who.strip()[:200], email=who.strip() if "@" in who else None)
    if not isinstance(who, dict):
        return None
    name, mail = _first(who, ("name", "displayName", "display_name", "first_name")), who.get("email")
    mail = mail if isinstance(mail, str) and "@" in mail else None
    if not isinstance(name, str) or not name.strip():
        name = mail
    if not name:
        return None
    outside = who.get("is_external")
    side = (
        {True: Side.theirs, False: Side.ours}.get(outside, Side.unknown) if isinstance(outside, bool) else Side.unknown
    )
    return Participant(name=name.strip()[:200], email=mail, side=side)


def _summaries(about: Mapping[str, Any]) -> Iterator[str]:
    for key in SUMMARIES:
        lines = list(_flat(about.get(key)))
        if lines:
            yield f"[{key}]"
            yield from lines


def _flat(value: Any, depth: int = 0) -> Iterator[str]:
    """The words of a summary, a line each; an action item with its owner and state."""
    if isinstance(value, str):
        yield from (line for line in value.splitlines() if line.strip())
    elif isinstance(value, list) and depth < DEEPEST:
        for entry in value:
            yield from _flat(entry, depth + 1)
    elif isinstance(value, dict) and depth < DEEPEST:
        who = value.get("assignee") or value.get("owner")
        owner = _person(who)
        words = [str(value[key]) for key in ("title", "label", "description", "text", "summary") if value.get(key)]
        if words:
            status = value.get("status") or ("completed" if value.get("completed") is True else None)
            yield " - ".join([*words, *([owner.name] if owner else []), *([str(status)] if status else [])])
        else:
            for entry in value.values():
                yield from _flat(entry, depth + 1) if isinstance(entry, str | list | dict) else ()


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """The value of the first of these keys that has one."""
    return next((value for key in keys if (value := entry.get(key)) is not None and value != ""), None)


FORMAT = Format("json_transcript", (".json",), sniff, read, direct_bytes=2_000_000)
