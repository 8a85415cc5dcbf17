"""Comings and goings, and lists of executives, as changes of the plan's stakeholders."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pipeline import names
from pipeline.proposers.rules.filings.people import Person
from pipeline.proposers.rules.filings.roster import Row
from pipeline.proposers.rules.filings.settle import Settled, titles_overlap
from pipeline.records import Context, Document, Draft, Item, Op

Quote = tuple[str, int | None]
BOARD = re.compile(r"(?i)\b(?:director|board|chair\w*|trustee)\b")
SEAT = re.compile(r"(?i)^(?:independent\s+|lead\s+)?(?:director|trustee|member)\b")
BESIDES = re.compile(
    r"(?i)\b(?:additional(?:ly)?|in\s+addition\s+to|interim|acting|also\s+(?:serve|be|assume|been)|concurrent\w*|while\s+continuing)\b"
)


def changes(context: Context, events: Sequence[Settled]) -> Iterator[Draft]:
    """One draft a person: who comes is added, who moves gets a title, who leaves the company is removed."""
    people = list(dict.fromkeys(event.person for event in events))
    for person in people:
        own = [event for event in events if event.person is person]
        item = known(context, [person.name, *person.forms])
        draft = _known(context, item, own) if item else _new(context, person, own, events)
        if draft:
            yield draft


def known(context: Context, written: Sequence[str]) -> Item | None:
    """The plan's stakeholder of that name."""
    return next(
        (
            item
            for item in context.plan.section("stakeholders")
            if names.same_person(names.written(item.values), written)
        ),
        None,
    )


def quotes(document: Document, events: Sequence[Settled]) -> tuple[Quote, ...]:
    """The words that prove the events, with the lines they begin on."""
    found = [(document.text[each.start : each.end], document.line_at(each.start).number) for each in events]
    return tuple(dict.fromkeys(found))


def _known(context: Context, item: Item, own: Sequence[Settled]) -> Draft | None:
    """What happens to somebody the plan knows."""
    gets = [event for event in own if event.event == "appointed"]
    gives = [event for event in own if event.event == "departed"]
    if gets:
        return _retitled(context, item, gets[-1], own)
    if gives and not any(event.remains for event in gives):
        return _left(context, item, gives[-1])
    if gives:
        return _stays(context, item, gives[-1])
    left = [event for event in own if event.event == "director_left"]
    if left and SEAT.search(str(item.values.get("title") or "")):
        return _left(context, item, left[-1])
    return None


def _retitled(context: Context, item: Item, event: Settled, own: Sequence[Settled]) -> Draft | None:
    now, title = str(item.values.get("title") or ""), event.title
    proof = quotes(context.document, own)
    if now and BESIDES.search(proof[0][0]) and not any(each.event == "departed" for each in own):
        title = f"{now}, {title}"
    if now.casefold() == title.casefold():
        return None
    name = item.values.get("name")
    return Draft(
        section="stakeholders",
        op=Op.update,
        item=item.id,
        fields={"title": title},
        quotes=proof,
        effective=event.day,
        reason=f"{name} is now {title}{_from(event.day)}, by the filing.",
        rule=event.rule,
    )


def _left(context: Context, item: Item, event: Settled) -> Draft:
    name = item.values.get("name")
    what = "the board" if event.event == "director_left" else f"the post of {event.title}"
    return Draft(
        section="stakeholders",
        op=Op.remove,
        item=item.id,
        fields={"leaving_on": event.day.isoformat()} if event.day else {},
        quotes=quotes(context.document, [event]),
        effective=event.day,
        reason=f"{name} leaves {what}{_from(event.day)}, by the filing.",
        rule=event.rule,
    )


def _stays(context: Context, item: Item, event: Settled) -> Draft:
    """Who gives up a post and stays with the company keeps the place in the plan, with other words."""
    name, before = item.values.get("name"), str(item.values.get("notes") or "")
    said = f"Gave up the post of {event.title}{_from(event.day)}; stays with the company."
    fields: dict[str, object] = {"notes": f"{before} {said}".strip()}
    if event.kept:
        fields["title"] = event.kept
    return Draft(
        section="stakeholders",
        op=Op.update,
        item=item.id,
        fields=fields,
        quotes=quotes(context.document, [event]),
        effective=event.day,
        reason=f"{name} gives up the post of {event.title}{_from(event.day)}, but remains with the company.",
        rule=f"{event.rule}.remains",
    )


def _new(context: Context, person: Person, own: Sequence[Settled], all_: Sequence[Settled]) -> Draft | None:
    """Somebody the plan does not know: added when appointed; a director only where the plan follows the board."""
    gets = [event for event in own if event.event == "appointed"]
    if not gets:
        seat = [event for event in own if event.event == "director_elected"]
        follows = any(
            BOARD.search(str(item.values.get("title") or "")) for item in context.plan.section("stakeholders")
        )
        return _director(context, person, seat[0]) if seat and follows else None
    event = gets[-1]
    fields: dict[str, object] = {"name": person.name, "title": event.title}
    before = _before(context, event, all_)
    reason = f"{person.name} becomes {event.title}{_from(event.day)}, by the filing"
    if before is not None:
        reason += f", after {before.values.get('name')}"
        if before.values.get("department"):
            fields["department"] = before.values["department"]
    return Draft(
        section="stakeholders",
        op=Op.add,
        fields=fields,
        quotes=quotes(context.document, gets),
        effective=event.day,
        reason=f"{reason}.",
        rule=event.rule,
    )


def _director(context: Context, person: Person, event: Settled) -> Draft:
    return Draft(
        section="stakeholders",
        op=Op.add,
        fields={"name": person.name, "title": "Director"},
        quotes=quotes(context.document, [event]),
        effective=event.day,
        reason=f"{person.name} joins the board{_from(event.day)}; the plan follows other members of the board.",
        rule=event.rule,
        optional=True,
    )


def _before(context: Context, event: Settled, all_: Sequence[Settled]) -> Item | None:
    """The stakeholder who held the post until now."""
    for other in all_:
        if other.event == "departed" and other.person is not event.person and titles_overlap(other.title, event.title):
            found = known(context, [other.person.name, *other.person.forms])
            if found:
                return found
    return None


def _from(day: date | None) -> str:
    return f" from {day.isoformat()}" if day else ""


def listed(context: Context, rows: Sequence[tuple[Row, str]]) -> Iterator[Draft]:
    """What a list of executives (row, its words) says of titles; people the plan lacks are offered, not urged."""
    for row, words in rows:
        item = known(context, [row.person])
        title = row.title
        if item is not None:
            now = str(item.values.get("title") or "")
            if now and titles_overlap(now, title):
                continue
            yield Draft(
                section="stakeholders",
                op=Op.update,
                item=item.id,
                fields={"title": title},
                quotes=((words, row.first),),
                reason=f"The filing lists {item.values.get('name')} as {title}.",
                rule="filing.roster.title",
            )
        elif not SEAT.search(title):
            yield Draft(
                section="stakeholders",
                op=Op.add,
                fields={"name": row.person, "title": title},
                quotes=((words, row.first),),
                reason=f"The filing lists {row.person} as {title}; the plan does not know them yet.",
                rule="filing.roster.person",
                optional=True,
            )
