"""How a plan and a text look to a model: short handles for items, numbered lines for words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.records import Document, Item, Json, Line, LineKind, Plan
from pipeline.sections import UNSEEN, section, sections

MARKS = {LineKind.body: "|", LineKind.quoted: ">", LineKind.boilerplate: "~"}
LONGEST_VALUE = 220


@dataclass(frozen=True)
class Handles:
    """The short names of a plan's items in one prompt."""

    plan: Plan
    of_item: Mapping[str, str]
    items: Mapping[str, Item]

    def label(self, item: Item) -> str:
        """What to call an item, references by name."""
        return section(item.section).label(item.values, self.plan)


def handles(plan: Plan) -> Handles:
    """A handle for each item: the section's prefix and a number, in the plan's order."""
    counts: dict[str, int] = {}
    found: dict[str, str] = {}
    for item in plan.items.values():
        counts[item.section] = counts.get(item.section, 0) + 1
        found[item.id] = f"{section(item.section).prefix}{counts[item.section]}"
    return Handles(plan, found, {handle: plan.items[ident] for ident, handle in found.items()})


def weekday(day: date) -> str:
    """A day with its weekday, e.g. "Tue 2026-03-03"."""
    return f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[day.weekday()]} {day.isoformat()}"


def shown_items(known: Handles) -> dict[str, str]:
    """The line of each item, by id: handle, label, then the other fields with their values."""
    return {item.id: _item_line(known, item) for item in known.plan.items.values()}


def listing(known: Handles, lines: Mapping[str, str]) -> str:
    """The items of `lines`, by section. Entries that are only a name share a line."""
    blocks = []
    for name in sections():
        here = [lines[item.id] for item in known.plan.section(name) if item.id in lines]
        if here:
            bare = all(": " not in line and len(line) < 60 for line in here)
            blocks.append(f"{name}: {', '.join(here)}" if bare else "\n".join([f"{name}:", *here]))
    return "\n".join(blocks) or "It is empty."


def _item_line(known: Handles, item: Item) -> str:
    kind = section(item.section)
    rest = {name: value for name, value in kind.values(item).items() if kind.single or name not in kind.key}
    told = "; ".join(f"{name}={_value(known.plan, kind.fields[name].ref, value)}" for name, value in rest.items())
    head = f"{known.of_item[item.id]} {_flat(known.label(item)).replace(' × ', ' x ')}"
    return f"{head}: {told}" if told else head


def _value(plan: Plan, ref: str | None, value: Json) -> str:
    if isinstance(value, list):
        return "; ".join(_value(plan, ref, each) for each in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in reversed(value.values()))
    target = plan.get(value) if ref else None
    words = section(target.section).label(target.values, plan) if target else str(value)
    flat = _flat(words)
    return flat if len(flat) <= LONGEST_VALUE else flat[:LONGEST_VALUE].rsplit(" ", 1)[0] + " …"


def _flat(words: str) -> str:
    """Words on one line, without marks that nobody sees."""
    return " ".join(UNSEEN.sub("", " ".join(words.split())).split())


def shown_lines(document: Document, lines: Sequence[Line], said_on: date | None) -> str:
    """Numbered lines: speaker when it changes, the day when it changes, a mark for what is not said now."""
    return "\n".join(_numbered(document, lines, said_on))


def _numbered(document: Document, lines: Sequence[Line], said_on: date | None) -> Iterable[str]:
    speaker, day, item = None, said_on, None
    for line in lines:
        words = _flat(document.words(line))
        if not words:
            continue
        if line.said_on and line.said_on != day:
            day = line.said_on
            yield f"[{weekday(day)}]"
        if line.item and line.item != item:
            item = line.item
            yield f"[item {item}]"
        named = (
            f"{line.speaker}: " if line.speaker and line.speaker != speaker and not _says(words, line.speaker) else ""
        )
        yield f"{line.number}{MARKS.get(line.kind, '#')} {_flat(named)}{' ' if named else ''}{words}"
        speaker = line.speaker


def _says(words: str, speaker: str) -> bool:
    """Whether a line itself begins with its speaker's name and a colon."""
    label, colon, _ = words[:80].partition(":")
    return bool(colon) and speaker.partition(" ")[0].casefold() in label.casefold()
