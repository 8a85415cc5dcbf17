"""Golden pairs: each document in tests/cases/formats reads as its expected JSON says."""

import json
from pathlib import Path

import pytest

from tests.formats.golden import cases, expected, memo, minutes, read_case


@pytest.mark.parametrize("path", cases(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_document_reads_as_its_golden_pair_says(path: Path):
    assert read_case(path) == json.loads(expected(path).read_text(encoding="utf-8"))


def test_every_format_has_a_golden_pair():
    from pipeline.registry import plugins

    assert {path.parent.name for path in cases()} == set(plugins("pipeline.formats", "FORMAT"))


def test_the_script_still_makes_the_word_file_of_the_golden_pairs():
    assert minutes() == next(path for path in cases() if path.name == "minutes.docx").read_bytes()
    assert memo().startswith(b"%PDF-")
