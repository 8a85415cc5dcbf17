"""The plan for reading: sections with their entries, the potential map as a grid, and how old each claim is."""

from collections.abc import Iterable, Mapping
from datetime import date

from pipeline.records import Account, FieldHead, Item, Plan, Record
from pipeline.sections import Section, section, sections
from pipeline.views.words import age, title_of, words

STALE_DAYS = 90
"""field.md section 5: stale is not updated in three months."""


class ValueView(Record):
    """One filled field: its value in words, how the value came, since when, and whether that is too long ago."""

    name: str
    title: str
    words: str
    origin: str = ""
    by: str = ""
    revision: int | None = None
    age: str = ""
    stale: bool = False


class EntryView(Record):
    """One entry of a section; `lint` says what keeps it from being useful."""

    id: str
    label: str
    values: tuple[ValueView, ...]
    lint: tuple[str, ...] = ()


class SectionView(Record):
    """One section that has entries."""

    name: str
    title: str
    entries: tuple[EntryView, ...]


class CellView(Record):
    """One square of the potential map; `item` is None where the plan has no cell."""

    item: str | None
    status: str
    words: str
    note: str = ""


class GridView(Record):
    """The potential map: offerings across, one row a department."""

    offerings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CellView, ...]], ...]


class PlanView(Record):
    """Everything the plan page, `plan` and the API tell of a plan. Empty sections are not in it."""

    account: str
    name: str
    revision: int
    as_of: str | None
    grid: GridView
    sections: tuple[SectionView, ...]


def plan_view(account: Account, plan: Plan, heads: Iterable[FieldHead], today: date) -> PlanView:
    """The view of `plan`; `heads` tell who set each field, `today` how long ago."""
    by_field = {(head.item, head.field): head for head in heads}
    shown = [_section(kind, plan, by_field, today) for kind in sections().values() if kind.name != "cells"]
    cells = _section(section("cells"), plan, by_field, today)
    return PlanView(
        account=account.id,
        name=account.name,
        revision=plan.revision,
        as_of=plan.as_of.isoformat() if plan.as_of else None,
        grid=_grid(plan),
        sections=tuple(each for each in (*shown, cells) if each.entries),
    )


def _section(kind: Section, plan: Plan, heads: Mapping[tuple[str, str], FieldHead], today: date) -> SectionView:
    entries = tuple(_entry(kind, item, plan, heads, today) for item in plan.section(kind.name))
    return SectionView(name=kind.name, title=kind.title, entries=entries)


def _entry(kind: Section, item: Item, plan: Plan, heads: Mapping[tuple[str, str], FieldHead], today: date) -> EntryView:
    values = kind.values(item)
    told = tuple(
        _value(name, words(values[name], plan), heads.get((item.id, name)), today)
        for name in kind.fields
        if name in values
    )
    return EntryView(id=item.id, label=kind.label(values, plan), values=told, lint=kind.lint(values))


def _value(name: str, said: str, head: FieldHead | None, today: date) -> ValueView:
    since = _since(head) if head else None
    return ValueView(
        name=name,
        title=title_of(name),
        words=said,
        origin=head.origin if head else "",
        by=head.by if head else "",
        revision=head.revision if head else None,
        age=age(since, today),
        stale=since is not None and (today - since).days > STALE_DAYS,
    )


def _since(head: FieldHead) -> date:
    """The day it was last said or confirmed; the day it was set where nothing tells."""
    days = [day for day in (head.said_on, head.confirmed_on) if day is not None]
    return max(days, default=head.at.date())


def _grid(plan: Plan) -> GridView:
    departments = list(plan.section("departments"))
    offerings = list(plan.section("offerings"))
    cells = {(cell.values.get("department"), cell.values.get("offering")): cell for cell in plan.section("cells")}
    rows = tuple(
        (str(row.values.get("name")), tuple(_cell(cells.get((row.id, column.id)), plan) for column in offerings))
        for row in departments
    )
    return GridView(offerings=tuple(str(each.values.get("name")) for each in offerings), rows=rows)


def _cell(cell: Item | None, plan: Plan) -> CellView:
    if cell is None:
        return CellView(item=None, status="need_unknown", words="need unknown")
    status = str(cell.values.get("status") or "need_unknown")
    note = cell.values.get("value") or cell.values.get("competitor") or cell.values.get("grounds")
    return CellView(item=cell.id, status=status, words=words(status), note=words(note, plan))
