"""What the checks read of days and numbers."""

from datetime import date
from decimal import Decimal

from pipeline.checks._figures import worded
from pipeline.checks._reading import Reading
from pipeline.checks._words import words
from pipeline.records import Context, Document, Line, Plan, SourceKind


def test_numbers_in_words_are_those_of_the_calendar_and_the_great_ones() -> None:
    assert {Decimal(3), Decimal(300)} <= worded("three hundred desks", words("en"))
    assert Decimal(2000) in worded("zwei tausend Stück", words("de"))


def test_a_day_counts_from_that_of_its_line_and_from_that_of_the_whole() -> None:
    text = "by Friday"
    document = Document(
        kind=SourceKind.note,
        format="text",
        text=text,
        lines=(Line(number=1, start=0, end=len(text), said_on=date(2026, 3, 4)),),
        said_on=date(2026, 4, 15),
    )
    plan = Plan(account="a", items={})
    context = Context(document=document, plan=plan, account="Tolland", author="Nell Corrie", said_on=date(2026, 4, 15))
    days = Reading(context).days
    assert any(each.may_be(date(2026, 3, 6)) for each in days)
    assert any(each.may_be(date(2026, 4, 17)) for each in days)
