"""The changes of a proposal as cards of the review form, what the form says of them, and the lines of the note."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData

from api.pages.inputs import Input, changed, input_of
from pipeline.errors import BadValue
from pipeline.records import Conflict, Decision, Json, Standing, Verdict
from pipeline.sections import section
from pipeline.views.marked import LineView
from pipeline.views.proposal import ChangeView, ProposalView
from pipeline.views.reviews import ReviewView

SHORT_TEXT = 300
"""Lines of a text that are shown whole; of a longer one, those around its marks."""

AROUND = 8


@dataclass(frozen=True)
class Card:
    """One change in the form: what is marked, what was typed, what is wrong with it."""

    change: ChangeView
    inputs: tuple[Input, ...]
    verdict: str
    why: str
    error: str
    conflicts: tuple[Conflict, ...]

    @property
    def open(self) -> bool:
        """Whether it is asked: nobody said anything yet or its author was asked, and no other change asks the same."""
        return self.change.waits

    @property
    def group(self) -> str:
        """Where the page shows it: "open", "done", "elsewhere" (another change asks the same), "known" or "closed"."""
        if self.open:
            return "open"
        if self.change.decision:
            return "done"
        if self.change.asked_in:
            return "elsewhere"
        return "known" if self.change.standing is Standing.already_true else "closed"


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: its words, the numbers of the changes it proves, and those it is the first proof of."""

    words: str
    changes: tuple[int, ...]
    first_of: tuple[int, ...]


@dataclass(frozen=True)
class ShownLine:
    """A line of the note, or, where `left_out` is not 0, so many lines that are not shown."""

    number: int
    kind: str
    speaker: str
    pieces: tuple[Piece, ...]
    left_out: int = 0


def cards(
    desk: ReviewView, form: FormData | None, wrong: Mapping[str, str], conflicts: Sequence[Conflict]
) -> tuple[Card, ...]:
    """All changes as cards; `form` and `wrong` are of a form not taken, `conflicts` were just met."""
    return tuple(_card(each, desk, form, wrong.get(each.id, ""), conflicts) for each in desk.proposal.changes)


def _card(
    change: ChangeView, desk: ReviewView, form: FormData | None, error: str, conflicts: Sequence[Conflict]
) -> Card:
    marked = _marked(change, form) if form is not None else None
    return Card(
        change=change,
        inputs=tuple(input_of(change.id, change.section, each, desk.options, form) for each in change.fields),
        verdict=str(marked) if marked else "",
        why=str(form.get(f"why.{change.id}") or "") if form is not None else "",
        error=error,
        conflicts=tuple(each for each in conflicts if each.change == change.id),
    )


def decided(view: ProposalView, form: FormData, actor: str, now: datetime) -> tuple[list[Decision], dict[str, str]]:
    """What the form says: a decision for each marked change, and for those that can't be taken what is wrong.

    An edit that changes nothing is an approval. The button "approve all that are safe" speaks for the unmarked ones.
    """
    said, wrong = [], {}
    for change in view.changes:
        verdict = _marked(change, form)
        if verdict is None:
            continue
        try:
            fields = _edited(change, form) if verdict is Verdict.edit else {}
        except BadValue as error:
            wrong[change.id] = f"{error.message.rstrip('.')}. {error.advice}".strip()
            continue
        if verdict is Verdict.edit and not fields:
            verdict = Verdict.approve
        why = str(form.get(f"why.{change.id}") or "").strip()[:4000]
        said.append(Decision(change=change.id, verdict=verdict, by=actor, at=now, why=why, fields=fields))
    return said, wrong


def seen(view: ProposalView, form: FormData) -> dict[tuple[str, str], Json]:
    """What stood in the conflicting fields as the form showed them: who decides knowing it settles the conflict."""
    found: dict[tuple[str, str], Json] = {}
    for change in view.changes:
        start = f"seen.{change.id}."
        for name, shown in form.multi_items():
            if name.startswith(start) and isinstance(shown, str):
                with suppress(ValueError):
                    found[change.id, name.removeprefix(start)] = json.loads(shown)
    return found


def _marked(change: ChangeView, form: FormData) -> Verdict | None:
    word = form.get(f"verdict.{change.id}")
    if word in tuple(Verdict):
        return Verdict(str(word))
    return Verdict.approve if form.get("bulk") == "safe" and change.bulk and change.decision is None else None


def _edited(change: ChangeView, form: FormData) -> dict[str, object]:
    fields = changed(change.id, change.fields, form)
    kind = section(change.section)
    for name, value in fields.items():
        kind.parse(name, value)
    return fields


def note_lines(lines: Sequence[LineView], *, whole: bool) -> tuple[ShownLine, ...]:
    """The lines of the note with their marks; of a long one those around the marks, unless the `whole` is wanted."""
    seen: set[int] = set()
    shown, left = [], 0
    near = None if whole or len(lines) <= SHORT_TEXT else _near_marks(lines)
    speaker: str | None = None
    for index, line in enumerate(lines):
        if near is not None and index not in near:
            left += 1
            continue
        if left:
            shown.append(ShownLine(0, "", "", (), left))
            left = 0
        pieces = tuple(_piece(words, changes, seen) for words, changes in line.pieces)
        shown.append(ShownLine(line.number, line.kind, _label(line, speaker), pieces))
        speaker = line.speaker
    return (*shown, ShownLine(0, "", "", (), left)) if left else tuple(shown)


def _piece(words: str, changes: tuple[int, ...], seen: set[int]) -> Piece:
    first = tuple(number for number in changes if number not in seen)
    seen.update(first)
    return Piece(words, changes, first)


def _near_marks(lines: Sequence[LineView]) -> set[int]:
    marked = [index for index, line in enumerate(lines) if any(changes for _, changes in line.pieces)]
    near = {each for index in marked for each in range(index - AROUND, index + AROUND + 1)}
    return near or set(range(SHORT_TEXT))


def _label(line: LineView, before: str | None) -> str:
    """The speaker, where the words do not begin with the name and it is not the same as the line before."""
    words = "".join(words for words, _ in line.pieces)
    if not line.speaker or line.speaker == before or words.lstrip().startswith(line.speaker):
        return ""
    return line.speaker
