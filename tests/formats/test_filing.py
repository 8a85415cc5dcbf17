"""Filings: items, covers and real submissions."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.formats import Draft, choose
from pipeline.formats.filing.items import itemised
from pipeline.ingest import read
from pipeline.settings import Settings

LONG = "words of the section " * 20


def items(*lines: str, form: str = "10-K") -> list[str | None]:
    return [line.item for line in itemised([Draft(words) for words in lines], form)]


def test_a_table_of_contents_is_not_an_item():
    contents = ("Item 7.\tDiscussion\t30", "Item 8.\tStatements\t50")
    assert items(*contents, "Item 7. Discussion", LONG, "Item 8. Statements", LONG) == [None, None, "7", "7", "8", "8"]


def test_the_last_line_of_the_contents_with_remarks_below_is_not_an_item():
    assert items("Item 16.\tSummary", LONG, "Item 1. Business", LONG, "Item 16. Summary", LONG)[:3] == [None, None, "1"]


@pytest.mark.parametrize(
    "line",
    ["Item 5.02 of this report is incorporated", "Items 1 and 2 above", "item 9.01 above", "Itemised costs 1.01"],
)
def test_a_sentence_that_begins_with_an_item_is_no_heading(line: str):
    assert items(line, LONG, form="8-K") == [None, None]


@pytest.mark.parametrize(
    "line", ["ITEM 5.02.", "Item\xa05.02 Departure", "Item 5.02\tDeparture", "  Item 5.02(b) Departure"]
)
def test_a_heading_is_found_in_all_its_dress(line: str):
    assert items(line.replace("\xa0", " "), LONG, form="8-K") == ["5.02", "5.02"]


def test_the_second_part_of_a_quarterly_report_has_its_own_items():
    found = items("PART I", "Item 1. Statements", LONG, "PART II", "Item 1. Proceedings", LONG, form="10-Q")
    assert found == [None, "1", "1", "1", "II.1", "II.1"]


def test_a_mistyped_year_beside_the_signature_is_not_the_day():
    page = (
        "<html><p>SECURITIES AND EXCHANGE COMMISSION</p><p>FORM 8-K</p><p>Date of Report: May 4, 2026</p>"
        "<p>Item 8.01 Other Events.</p><p>Nothing.</p><p>SIGNATURES</p><p>Date: May 5, 2025</p></html>"
    )
    assert read(page.encode(), None, Settings(user="test")).said_on == date(2026, 5, 4)


def test_every_real_current_report_shows_its_items_and_every_gold_quote(shared: Path):
    for path in sorted((shared / "data" / "filings" / "gold").glob("*.json")):
        gold = json.loads(path.read_text())
        file = shared / "data" / gold["file"]
        data = file.read_bytes()
        document = choose(data, file.name).read(data, file.name)
        assert document.format == "filing"
        assert document.attributes["form"] == gold["form"]
        if "items_seen" in gold:
            found = [item for item in document.attributes["items"].split(", ") if re.fullmatch(r"\d\.\d\d", item)]
            assert found == gold["items_seen"], file.name
        words = " ".join(document.text.split())
        for entry in gold.get("expected") or gold.get("expected_roster") or ():
            if entry.get("quote"):
                assert " ".join(entry["quote"].split()) in words
