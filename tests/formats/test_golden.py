"""Golden pairs: each document in tests/cases/formats reads as its expected JSON says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.ingest import read
from pipeline.settings import Settings
from tests.formats.golden import TODAY, cases, expected, letter, memo, minutes, minutes_by_hand, read_case


@pytest.mark.parametrize("path", cases(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_document_reads_as_its_golden_pair_says(path: Path):
    assert read_case(path) == json.loads(expected(path).read_text(encoding="utf-8"))


def test_every_format_has_two_golden_pairs_or_more():
    from pipeline.registry import plugins

    counts = Counter(path.parent.name for path in cases())
    assert set(counts) == set(plugins("pipeline.formats", "FORMAT"))
    assert not [name for name, count in counts.items() if count < 2]


def test_the_script_still_makes_the_binary_files_of_the_golden_pairs():
    by_name = {path.name: path.read_bytes() for path in cases()}
    assert minutes() == by_name["minutes.docx"]
    assert minutes_by_hand() == by_name["by_hand.docx"]
    assert memo().startswith(b"%PDF-")
    assert letter().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("```\n# code\n```\n# Real", "Real"),
        ("~~~\n# code\n```\n# still code\n~~~\n# Real", "Real"),
        ("---\ntitle: 'From the head'\n---\n# Below", "From the head"),
        ("---\ndate: 2026-06-01\n---\nWeekly\n===\n", "Weekly"),
        ("---\nno: end\n# Only heading\n", "Only heading"),
    ],
)
def test_the_title_of_markdown_is_its_heads_or_the_first_heading_outside_of_code(text: str, title: str):
    assert (
        read(f"{text}\nOdile keeps the system.".encode(), "note.md", Settings(user="test"), today=TODAY).title == title
    )
