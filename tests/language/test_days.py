"""Days as people write them; everything is said on Wednesday, 15 April 2026."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.arithmetic import shift
from pipeline.language.days import Day, length, meant, possible
from pipeline.language.words import codes, entries, values

SAID_ON = date(2026, 4, 15)


def said_on(_offset: int) -> date:
    return SAID_ON


def day(words: str, language: str = "en") -> date | None:
    found = meant(words, said_on, [language])
    return found[0].on if found else None


def may_be(words: str, on: date, language: str = "en") -> bool:
    return any(each.may_be(on) for each in possible(words, said_on, [language]))


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
        ("end of Q2 next year", date(2027, 6, 30)),
        ("by the end of 2027", date(2027, 12, 31)),
        ("the end of next March", date(2027, 3, 31)),
        ("by next June", date(2026, 6, 30)),
        ("by June next year", date(2027, 6, 30)),
        ("31 March next year", date(2027, 3, 31)),
        ("end of the third quarter", date(2026, 9, 30)),
        ("not before the week of 4 May", date(2026, 5, 4)),
        ("end of\nJune", date(2026, 6, 30)),
        ("Friday, the sixth of March", date(2026, 3, 6)),
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
        ("Freitag in zwei Wochen", date(2026, 5, 1)),
        ("31. März nächsten Jahres", date(2027, 3, 31)),
        ("bis Ende 2027", date(2027, 12, 31)),
        ("wird zum 1. Mai eingerichtet", date(2026, 5, 1)),
        ("[14.04.26, 08:12] Reto: Moin", date(2026, 4, 14)),
    ],
)
def test_a_day_in_german_is_understood(words: str, expected: date) -> None:
    assert day(words, "de") == expected


@pytest.mark.parametrize("words", ["some day", "in spring", "FY28", "at some point", "we sat down", "it may rain"])
def test_vague_words_are_no_day(words: str) -> None:
    assert day(words) is None


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("5.600 Euro im Jahr", "de"),
        ("Version 2.10 kommt", "de"),
        ("it grew by 3.5. Then it fell", "en"),
        ("for the first half of the year", "en"),
        ("telling you about my weekend", "en"),
        ("so Fr. Sommer", "de"),
    ],
)
def test_figures_and_small_words_are_no_day(words: str, language: str) -> None:
    assert day(words, language) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("4月20日までに", date(2026, 4, 20)),
        ("来週の金曜日", date(2026, 4, 24)),
        ("今月末まで", date(2026, 4, 30)),
        ("2週間後", date(2026, 4, 29)),
    ],
)
def test_a_day_in_japanese_is_understood(words: str, expected: date) -> None:
    assert day(words, "ja") == expected


def test_a_bare_number_follows_the_month_named_just_before() -> None:
    found = meant("not on 17 May, please take the 24th", said_on, ["en"])
    assert [each.on for each in found] == [date(2026, 5, 17), date(2026, 5, 24)]


def test_the_order_of_day_and_month_is_the_one_the_text_itself_shows() -> None:
    found = meant("3/4 and 25/4", said_on, ["en"])
    assert [each.on for each in found] == [date(2026, 4, 3), date(2026, 4, 25)]
    found = meant("4/3 and 4/25", said_on, ["en"])
    assert [each.on for each in found] == [date(2026, 4, 3), date(2026, 4, 25)]
    found = meant("11/3, 11/4, 11/5, 11/6 and 5/13", said_on, ["en"])
    assert found[0].on == date(2025, 11, 3)


def test_a_length_of_time_is_read() -> None:
    assert length("push it two weeks", ["en"]) == (2, "week")


def test_words_broken_by_a_line_are_one_day_but_a_new_line_begins_anew() -> None:
    assert day("they want it on Friday\nnext week") == date(2026, 4, 24)
    assert day("call Ann on Friday\nNext week I am away") == date(2026, 4, 17)
    assert day("we start in September.\n14:40 Next point") is None


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("on Friday", date(2026, 4, 10)),
        ("next Friday", date(2026, 4, 17)),
        ("on 3/4", date(2026, 4, 3)),
        ("on 3/4", date(2026, 3, 4)),
        ("the end of May", date(2026, 5, 29)),
        ("by sat", date(2026, 4, 18)),
        ("before Monday", date(2026, 4, 17)),
    ],
)
def test_words_may_mean_more_than_the_day_meant(words: str, on: date) -> None:
    assert may_be(words, on)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("last Friday", date(2026, 4, 17)),
        ("31 March next year", date(2026, 3, 31)),
        ("Friday 24 April", date(2026, 4, 17)),
        ("by 4 May", date(2026, 5, 5)),
    ],
)
def test_words_that_leave_no_doubt_mean_no_other_day(words: str, on: date) -> None:
    assert not may_be(words, on)


def test_a_length_of_time_counts_from_a_day_known_otherwise() -> None:
    assert [each.shift for each in possible("a week later", said_on, ["en"])] == [7]


PIECES = [
    *("by", "before", "the", "next", "last", "end of", "mid", "in", "since", "not before", "week of", "KW 23", "Q3"),
    *(
        "14th",
        "3/4",
        "3.4.",
        "31.12.2026",
        "2027",
        "two",
        "12",
        ".",
        ",",
        "\n",
        "vor",
        "Ende",
        "nächsten",
        "月",
        "来週",
    ),
]


@given(
    st.lists(
        st.sampled_from(
            [*PIECES, *(word for entry in ("months", "weekdays", "units") for word in values(entry, ("en", "de")))]
        ),
        max_size=9,
    ),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_the_day_meant_is_always_one_that_the_words_may_mean(pieces: list[str], today: date) -> None:
    text = " ".join(pieces)
    for found in (meant, possible):
        days: list[Day] = found(text, lambda _: today, ["en", "de", "ja"])
        assert all(each.may_be(each.on) for each in days if each.on)
        assert all(0 <= each.start < each.end <= len(text) for each in days)
        assert all(first <= last for each in days for first, last in each.spans)


def test_words_that_only_may_speak_of_a_day_are_none_that_is_meant() -> None:
    for words in ("the June budget", "it took two weeks", "founded 2019", "next quarter", "sat in the room"):
        assert meant(words, said_on, ["en"]) == []
        assert possible(words, said_on, ["en"])


def test_days_meant_never_overlap() -> None:
    days = meant("Friday next week, the end of next week, by Friday 24 April next year", said_on, ["en"])
    assert all(one.end <= other.start for one, other in pairwise(days))


@pytest.mark.parametrize("code", codes())
def test_every_language_has_all_months_and_every_word_is_in_small_letters(code: str) -> None:
    assert len(entries(code).get("months", range(12))) == 12
    assert len(entries(code).get("weekdays", range(7))) == 7
    words = {word for entry in entries(code) if entry not in ("joined", "never") for word in values(entry, (code,))}
    assert all(str(word) == str(word).lower() and not isinstance(word, bool) for word in words)


def test_a_month_later_than_the_last_of_january_is_the_last_of_february() -> None:
    assert shift(date(2026, 1, 31), 1, "month") == date(2026, 2, 28)
    assert shift(date(2026, 4, 15), 1, "quarter") == date(2026, 7, 15)
    assert shift(date(2026, 4, 17), 1, "workday") == date(2026, 4, 17) + timedelta(3)
