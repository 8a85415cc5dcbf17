"""How well a change is borne out, in words."""

from datetime import UTC, date, datetime

import pytest

from pipeline.records import (
    Document,
    Effect,
    Evidence,
    Finding,
    Line,
    Occasion,
    Side,
    Source,
    SourceKind,
    Tier,
)
from pipeline.views.strength import in_words, strength

TODAY = date(2026, 3, 20)


def source(key: str, occasion: str, kind: SourceKind = SourceKind.note, withdrawn: bool = False) -> Source:
    text = "Sunniva wants it."
    document = Document(kind=kind, format="text", text=text, lines=(Line(number=1, start=0, end=len(text)),))
    return Source(
        id=key,
        account="acc",
        delivery="dlv",
        version=1,
        sha256="",
        document=document,
        source_class=kind.source_class,
        occasion=Occasion(id=occasion, said_on=date(2026, 3, 10)),
        read_at=datetime(2026, 3, 10, tzinfo=UTC),
        withdrawn=withdrawn,
    )


def piece(key: str, side: Side = Side.unknown, tier: Tier = Tier.exact) -> Evidence:
    return Evidence(source=key, start=0, end=7, words="Sunniva", tier=tier, line=1, side=side)


def test_two_records_of_one_meeting_are_one_occasion() -> None:
    sources = {"a": source("a", "o1"), "b": source("b", "o1"), "c": source("c", "o2")}
    assert strength([piece("a"), piece("b")], sources).occasions == 1
    assert strength([piece("a"), piece("b"), piece("c")], sources).occasions == 2


def test_the_customers_own_word_is_named() -> None:
    found = strength([piece("a", Side.theirs)], {"a": source("a", "o1", SourceKind.transcript)})
    assert in_words(found, TODAY) == "one occasion, customer speaking, last week"


@pytest.mark.parametrize(
    ("kind", "speaking"),
    [
        (SourceKind.note, "own observation"),
        (SourceKind.document, "internal record"),
        (SourceKind.filing, "public material"),
        (SourceKind.summary, "retold"),
    ],
)
def test_the_kind_of_text_says_who_speaks(kind: SourceKind, speaking: str) -> None:
    assert strength([piece("a")], {"a": source("a", "o1", kind)}).speaking == speaking


def test_altered_and_withdrawn_words_count_for_nothing() -> None:
    sources = {"a": source("a", "o1"), "b": source("b", "o2", withdrawn=True)}
    found = strength([piece("a", tier=Tier.altered), piece("b")], sources)
    assert in_words(found, TODAY) == "nothing that stands in a text"


def test_findings_stand_beside_it_but_support_does_not_count_against_it() -> None:
    marks = [
        Finding(check="values", effect=Effect.flag, message="No."),
        Finding(check="duplicate", effect=Effect.support, message="The plan already says so."),
    ]
    found = strength([piece("a")], {"a": source("a", "o1")}, marks)
    assert in_words(found, date(2026, 3, 10)) == "one occasion, own observation, today; one mark against it"
