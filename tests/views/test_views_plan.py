"""The plan for reading: ages, staleness, the grid. Pure."""

from datetime import UTC, date, datetime

from pipeline.records import Account, FieldHead, Item, Json, Plan
from pipeline.sections import stored
from pipeline.views.plan import PlanView, ValueView, plan_view

TODAY = date(2026, 6, 1)
ACCOUNT = Account(id="acc", name="Northwind Mills", owner="ann", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def head(item: str, field: str, at: date, said_on: date | None = None, confirmed: date | None = None) -> FieldHead:
    return FieldHead(
        item=item, section="stakeholders", field=field, value="any", revision=3,
        origin="approved", by="bo", at=datetime(at.year, at.month, at.day, tzinfo=UTC), said_on=said_on,
        confirmed_on=confirmed,
    )  # fmt: skip


def view(*heads: FieldHead, items: tuple[Item, ...] = ()) -> PlanView:
    kim = stored("stk-1", "stakeholders", {"name": "Kim Low", "title": "Controller"})
    plan = Plan(account="acc", revision=3, items={each.id: each for each in (kim, *items)})
    return plan_view(ACCOUNT, plan, heads, TODAY)


def value(found: PlanView, name: str) -> ValueView:
    (section,) = [each for each in found.sections if each.name == "stakeholders"]
    return next(each for each in section.entries[0].values if each.name == name)


def test_sections_without_entries_are_not_shown() -> None:
    assert [section.name for section in view().sections] == ["stakeholders"]


def test_a_value_tells_who_set_it_and_how_long_ago_it_was_said() -> None:
    found = value(view(head("stk-1", "title", date(2026, 5, 30), said_on=date(2026, 5, 11))), "title")
    assert (found.words, found.by, found.origin, found.revision, found.age) == (
        "Controller", "bo", "approved", 3, "3 weeks",
    )  # fmt: skip
    assert not found.stale


def test_a_value_of_more_than_three_months_is_stale_unless_confirmed_since() -> None:
    old = date(2026, 2, 1)
    assert value(view(head("stk-1", "title", old, said_on=old)), "title").stale
    assert not value(view(head("stk-1", "title", old, said_on=old, confirmed=date(2026, 5, 20))), "title").stale


def test_a_value_nobody_is_known_for_has_no_age() -> None:
    found = value(view(), "title")
    assert (found.age, found.stale, found.by) == ("", False, "")


def test_the_grid_has_every_pair_and_says_where_the_plan_has_none() -> None:
    values: dict[str, Json] = {"department": "dep-1", "offering": "off-1", "status": "deployed", "competitor": "Rival"}
    found = view(
        items=(
            stored("dep-1", "departments", {"name": "Production"}),
            stored("off-1", "offerings", {"name": "FlowWatch"}),
            stored("off-2", "offerings", {"name": "FieldDesk"}),
            stored("cell-1", "cells", values),
        )
    ).grid
    assert found.offerings == ("FlowWatch", "FieldDesk")
    ((area, (one, other)),) = found.rows
    assert (area, one.status, one.note, other.item, other.words) == (
        "Production", "deployed", "Rival", None, "need unknown",
    )  # fmt: skip
