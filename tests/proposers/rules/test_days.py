"""Days as people write them; everything is said on Wednesday, 15 April 2026."""

from datetime import date

import pytest

from pipeline.proposers.rules import days

SAID_ON = date(2026, 4, 15)


def day(words: str, language: str = "en") -> date | None:
    found = days.find(words, lambda _offset: SAID_ON, [language])
    return found[0].on if found else None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("by Friday", date(2026, 4, 17)),
        ("by Tuesday", date(2026, 4, 21)),
        ("next Monday", date(2026, 4, 20)),
        ("next Friday", date(2026, 4, 24)),
        ("Friday next week", date(2026, 4, 24)),
        ("Thursday week", date(2026, 4, 23)),
        ("a week on Thursday", date(2026, 4, 23)),
        ("before Friday", date(2026, 4, 16)),
        ("b4 Friday", date(2026, 4, 16)),
        ("last Monday", date(2026, 4, 13)),
        ("tomorrow", date(2026, 4, 16)),
        ("the day after tomorrow", date(2026, 4, 17)),
        ("by the 9th", date(2026, 5, 9)),
        ("on the 22nd", date(2026, 4, 22)),
        ("by the eleventh", date(2026, 5, 11)),
        ("12 May", date(2026, 5, 12)),
        ("May 12th", date(2026, 5, 12)),
        ("by Jan 8", date(2026, 1, 8)),
        ("3 November 2027", date(2027, 11, 3)),
        ("not before the fourth of May", date(2026, 5, 4)),
        ("5/20", date(2026, 5, 20)),
        ("20/5", date(2026, 5, 20)),
        ("EOM", date(2026, 4, 30)),
        ("before the end of the month", date(2026, 4, 30)),
        ("the end of next month", date(2026, 5, 31)),
        ("end of the quarter", date(2026, 6, 30)),
        ("end of the week", date(2026, 4, 17)),
        ("the end of next week", date(2026, 4, 24)),
        ("end of June", date(2026, 6, 30)),
        ("in two weeks", date(2026, 4, 29)),
        ("in 3 days", date(2026, 4, 18)),
        ("within five working days", date(2026, 4, 22)),
        ("COB Friday", date(2026, 4, 17)),
        ("week of 4 May", date(2026, 5, 8)),
        ("wk 23", date(2026, 6, 5)),
        ("end of Q3", date(2026, 9, 30)),
    ],
)
def test_a_day_in_english_is_understood(words: str, expected: date) -> None:
    assert day(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("bis Freitag", date(2026, 4, 17)),
        ("nächsten Montag", date(2026, 4, 20)),
        ("bis KW 23", date(2026, 6, 5)),
        ("am 4. Mai", date(2026, 5, 4)),
        ("bis 4.5.", date(2026, 5, 4)),
        ("übermorgen", date(2026, 4, 17)),
        ("Ende Juni", date(2026, 6, 30)),
        ("in zwei Wochen", date(2026, 4, 29)),
        ("bis Monatsende", date(2026, 4, 30)),
    ],
)
def test_a_day_in_german_is_understood(words: str, expected: date) -> None:
    assert day(words, "de") == expected


@pytest.mark.parametrize("words", ["some day", "in spring", "FY28", "at some point", "we sat down", "it may rain"])
def test_vague_words_are_no_day(words: str) -> None:
    assert day(words) is None


def test_a_bare_number_follows_the_month_named_just_before() -> None:
    found = days.find("not on 17 May, please take the 24th", lambda _offset: SAID_ON, ["en"])
    assert [each.on for each in found] == [date(2026, 5, 17), date(2026, 5, 24)]


def test_the_order_of_day_and_month_is_the_one_the_text_itself_shows() -> None:
    found = days.find("3/4 and 25/4", lambda _offset: SAID_ON, ["en"])
    assert [each.on for each in found] == [date(2026, 4, 3), date(2026, 4, 25)]


def test_a_length_of_time_is_read() -> None:
    assert days.span("push it two weeks", ["en"]) == (2, "week")
