"""What filings say of people: paragraphs of Item 5.02, whole filings, and words that prove."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.formats import Reading, document
from pipeline.proposers.rules import filings
from pipeline.proposers.rules.filings import titles
from pipeline.proposers.rules.filings.people import Cast
from pipeline.proposers.rules.filings.text import sentences
from pipeline.records import Document, SourceKind
from pipeline.settings import Settings

CASES = Path(__file__).resolve().parents[2] / "cases" / "proposers" / "rules" / "filings"
PARAGRAPHS = yaml.safe_load((CASES / "sentences.yaml").read_text(encoding="utf-8"))
FILES = sorted(path for path in CASES.glob("*") if path.suffix in {".html", ".txt"})
SIGNED = date(2024, 5, 6)


def paragraph(text: str, item: str = "5.02", form: str = "8-K") -> Document:
    reading = Reading()
    for line in text.split("\n"):
        reading.add(line)
    for draft in reading.lines:
        draft.item = item
    reading.attributes = {"form": form, "company": "Weston Pump Works, Inc."}
    reading.dated(SIGNED, "the test")
    return document(reading, SourceKind.filing, "filing")


def told(text: str, item: str = "5.02") -> list[list[Any]]:
    events = filings.findings(paragraph(text, item))["events"]
    return [[event["event"], event["person"], event["title"], event["effective_date"]] for event in events]


def words(title: str) -> set[str]:
    return set(title.lower().replace(",", " ").split())


@pytest.mark.parametrize("case", PARAGRAPHS, ids=[case["text"][:60] for case in PARAGRAPHS])
def test_a_paragraph_tells_who_comes_and_goes_and_when(case: dict[str, Any]) -> None:
    got = told(case["text"])
    assert sorted([e, p, d or ""] for e, p, _, d in got) == sorted([e, p, d or ""] for e, p, _, d in case["events"])
    for event, person, title, _ in case["events"]:
        ours = [t for e, p, t, _ in got if (e, p) == (event, person)]
        assert any(len(words(each) & words(title)) * 2 >= len(words(each) | words(title)) for each in ours), ours


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_whole_filing_tells_what_stands_beside_it(path: Path) -> None:
    read = ingest.read(path.read_bytes(), path.name, Settings())
    assert filings.findings(read) == json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_quote_stands_in_the_text(path: Path) -> None:
    read = ingest.read(path.read_bytes(), path.name, Settings())
    found = filings.findings(read)
    assert all(each["quote"] and each["quote"] in read.text for each in found["events"] + found["roster"])


def test_votes_and_exhibits_change_nothing() -> None:
    text = "On May 1, 2024, Dana Whitlow was elected as a director of the Company."
    assert told(text, "5.07") == [] == told(text, "EX-99.1")
    assert told(text) == [["director_elected", "Dana Whitlow", "Director", "2024-05-01"]]


def test_a_namesake_is_another_person() -> None:
    got = told(
        "Ivor R. Dunmore is the son of the Chairman, Hugh K. Dunmore. On May 1, 2024, the Board appointed "
        "Mr. Dunmore as Treasurer."
    )
    assert got == [["appointed", "Ivor R. Dunmore", "Treasurer", "2024-05-01"]]


def test_a_biography_is_no_news() -> None:
    assert told("Previously, Dana Whitlow was appointed Secretary of the Company and then resigned as Secretary.") == []


def test_what_would_happen_is_no_news() -> None:
    assert told("In the event that Dana Whitlow resigns as Secretary, she will be paid for a year.") == []


def test_a_day_with_a_name_is_found_again() -> None:
    got = told(
        "On May 1, 2024, Dana Whitlow informed the Company that she will resign as Secretary on July 5, 2024 (the "
        "“Separation Date”). The Board appointed Omar Haddad as Secretary, effective on the Separation Date."
    )
    assert [each[3] for each in got] == ["2024-07-05", "2024-07-05"]


def test_what_was_reported_before_and_is_long_past_is_no_news() -> None:
    assert told("As previously reported, on January 9, 2024, Dana Whitlow resigned as Secretary of the Company.") == []


def test_a_line_that_a_page_broke_is_one_sentence() -> None:
    read = paragraph("On May 1, 2024, Dana Whitlow resigned as Vice President of\nthe Company. She gave no reason.")
    assert [each.text for each in sentences(read)] == [
        "On May 1, 2024, Dana Whitlow resigned as Vice President of\nthe Company.",
        "She gave no reason.",
    ]


def test_initials_and_honorifics_end_no_sentence() -> None:
    read = paragraph("Mr. J. K. Weber Jr. of Acme Inc. will leave. Ms. T. Oh stays.")
    assert len(sentences(read)) == 2


def test_mister_with_a_surname_is_the_full_name_before() -> None:
    cast = Cast("Tiago van Dyck resigned. Mr. van Dyck and Ms. Adaeze Eze met. Messrs. Dyck, Low and Ray did not.")
    assert {person.name for person in cast.people} >= {"Tiago van Dyck", "Adaeze Eze"}
    assert cast.called("van Dyck").name == "Tiago van Dyck"


def test_organisations_and_plans_are_nobody() -> None:
    cast = Cast("The Stock Incentive Plan of Goldwin Harper Corporation and the Delaware General Corporation Law.")
    assert cast.people == []


def test_joint_titles_stay_whole_and_areas_belong_to_them() -> None:
    text = "as Executive Vice President, Chief Financial Officer and Assistant Secretary of the Company"
    assert [text[a:b] for a, b in titles.spans(text)] == [
        "Executive Vice President, Chief Financial Officer and Assistant Secretary"
    ]
    assert titles.parts("President, International and Chief Legal Officer") == [
        "President, International",
        "Chief Legal Officer",
    ]


PIECES = [
    "On May 1, 2024,",
    "Dana Whitlow",
    "resigned",
    "as Treasurer",
    "(the “Date”)",
    "<P1>",
    "Mr.",
    "’s",
    ";",
    "the Board",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=25))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_it_and_quotes_are_always_verbatim(pieces: list[str]) -> None:
    read = paragraph("x " + " ".join(pieces))
    assert all(each["quote"] in read.text for each in filings.findings(read)["events"])


def test_a_long_paragraph_of_pay_is_read_in_a_blink() -> None:
    pay = "Mr. Whitlow will be entitled to receive a bonus, his base salary and equity awards if he resigns; "
    read = paragraph(f"On May 1, 2024, Dana Whitlow was named Treasurer. {pay * 300}")
    filings.findings(read)
    begin = time.perf_counter()
    found = filings.findings(read)["events"]
    assert time.perf_counter() - begin < 2
    assert [each["title"] for each in found] == ["Treasurer"]
