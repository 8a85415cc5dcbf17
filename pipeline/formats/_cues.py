"""Subtitle cues, as .vtt and .srt files hold them: blocks of lines, the first with a --> telling the time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from pipeline.formats._lines import LINE_END, Draft, Losses

ARROW = re.compile(r"^\s*(\S{1,20})\s*--+>\s*(\S{1,20})")
STAMP = re.compile(r"^(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?$")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
TAG = re.compile(
    r"</?(?:v|c|i|b|u|ruby|rt|lang|font|s)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{2,15}>|\{\\[^{}]{1,40}\}", re.IGNORECASE
)


@dataclass(frozen=True)
class Cue:
    """One block with a time: when it begins and ends as written, and its lines."""

    begin: str
    end: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Loose:
    """A block without a time."""

    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Cue | Loose]:
    """The blocks of a subtitle file in order. A cue whose number or blank line is missing is found by its arrow."""
    held: list[str] = []
    cue: tuple[str, str] | None = None
    for line in [*LINE_END.split(text), ""]:
        arrow = ARROW.match(line[:60])
        if arrow or not line.strip():
            if arrow and cue is None:
                held = []  # the cue's number or name
            elif held or cue:
                if arrow and held and held[-1].strip().isdecimal():
                    held.pop()  # the next cue's number, with no empty line before it
                yield Cue(*cue, tuple(held)) if cue else Loose(tuple(held))
                held = []
            cue = (arrow.group(1), arrow.group(2)) if arrow else None
        else:
            held.append(line)


def spoken(cue: Cue, losses: Losses) -> list[Draft]:
    """The lines of a cue: one for each voice, its text lines joined by a space, tags taken off."""
    joined = " ".join(line.strip() for line in cue.lines)
    pieces = VOICE.split(joined)
    drafts = []
    for speaker, said in [(None, pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]:
        words = _bare(said)
        if words:
            drafts.append(Draft(words, speaker=unescape(speaker).strip() if speaker else None, cue=shown(cue.begin)))
    if not drafts and joined:
        losses.add("empty cues", joined)
    return drafts


def _bare(said: str) -> str:
    return " ".join(unescape(TAG.sub("", said)).split())


def shown(stamp: str) -> str:
    """A time as 0:16:50 would be written everywhere: 00:16:50.500; unreadable ones as they are."""
    found = STAMP.match(stamp)
    if not found:
        return stamp
    hours, minutes, seconds, fraction = (part or "0" for part in found.groups())
    return f"{int(hours):02}:{int(minutes):02}:{int(seconds):02}.{fraction.ljust(3, '0')}"


def is_stamp(text: str) -> bool:
    """Whether a word is a time such as 00:16.500 or 1:02:03,4."""
    return STAMP.match(text) is not None


def label(drafts: list[Draft]) -> None:
    """Takes speakers from `Name: words` cues, when a file without voices uses such labels throughout."""
    from pipeline.formats._talk import turns

    if any(draft.speaker for draft in drafts):
        return
    found = turns([draft.words for draft in drafts])
    for draft, turn in zip(drafts, found or [], strict=False):
        if turn:
            draft.speaker = turn.speaker
