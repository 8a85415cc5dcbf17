"""People search an account's sources: highlights, filters, words and meaning; reindex makes the index anew."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from api.cli import notes2plan
from pipeline import flow
from pipeline.desk import Desk, silent
from pipeline.errors import IndexBusy, UnknownAccount
from pipeline.flow import indexing
from pipeline.flow.finding import finder
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.views.search import Wanted, gist, highlights, search, without_vectors

MARCH = """Weekly, 3 March 2026

Rosa Keller: the furnace pilot starts on Monday.
Imran Shah: I will send the security questionnaire.
"""
APRIL = """Call, 7 April 2026

Rosa says the furnace pilot is over and the budget is held by Müller.
"""
TALK = """WEBVTT

00:00:01.000 --> 00:00:20.000
<v Rosa Keller>We want the furnace pilot extended to the second hall, and soon. The crews there ask for it every week.

00:00:21.000 --> 00:00:50.000
<v Imran Shah>I can bring the furnace numbers next week, and then we will see whether the second hall is ready for it.
"""


class Themes:
    """Vectors by hand: texts about money are near each other, and so are texts about fire."""

    name = "themes"
    dimensions = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], progress: object = None) -> Any:
        self.asked += texts
        themes = (("budget", "money", "purse"), ("furnace", "oven"))
        rows = [[*(1.0 * any(word in text.lower() for word in each) for each in themes), 0.1] for text in texts]
        matrix = np.array(rows, np.float32)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    at = Desk(Settings(home=tmp_path / "home", user="ann"))
    at.__dict__["embedder"] = Themes()
    account = flow.set_up(at, flow.NewAccount(name="Weston"))
    for name, text in (("march.txt", MARCH), ("april.txt", APRIL), ("talk.vtt", TALK)):
        day = date(2026, 3, 20) if name == "talk.vtt" else None
        delivery = flow.deliver(at, account.id, text.encode(), name, "file", day)
        source = flow.read(at, account.id, delivery.id, alone=False)
        assert source is not None
        flow.index(at, account.id, source.id)
    yield at
    at.store.close()


def days(desk: Desk, query: str, embedder: Any = None, **wanted: Any) -> list[date | None]:
    return [row.said_on for row in search(desk.store, "ann", "Weston", query, embedder, Wanted(**wanted))]


def test_a_hit_tells_where_it_stands_and_what_was_asked_for(desk: Desk) -> None:
    (row, *_) = search(desk.store, "ann", "Weston", "Who holds the BUDGET, muller?")
    assert row.said_on == date(2026, 4, 7)
    assert {row.text[start:end] for start, end in row.highlights} == {"budget", "Müller"}
    with desk.account("Weston").read() as tx:
        text = tx.source(row.source).document.text
    assert text[row.start : row.end] == row.text
    assert row.kind == "note"


def test_a_search_is_narrowed_by_day_kind_speaker_and_item(desk: Desk) -> None:
    assert set(days(desk, "furnace", since=date(2026, 4, 1))) == {date(2026, 4, 7)}
    assert set(days(desk, "furnace", until=date(2026, 3, 10))) == {date(2026, 3, 3)}
    assert set(days(desk, "furnace", kind="transcript")) == {date(2026, 3, 20)}
    rows = search(desk.store, "ann", "Weston", "furnace", None, Wanted(kind="transcript"))
    assert all(row.speaker in ("Rosa Keller", "Imran Shah", None) for row in rows)
    assert days(desk, "furnace", item="5.02") == []
    assert days(desk, "furnace", speaker="Nobody") == []


def test_a_filing_is_searched_by_its_items(desk: Desk) -> None:
    filing = (Path(__file__).parent.parent / "evals" / "cases" / "demo" / "2026-09-21-westonpumps-8k.html").read_bytes()
    told = flow.deliver(desk, "Weston", filing, "8k.html", "file")
    assert flow.read(desk, "Weston", told.id, alone=False)
    for written in ("5.02", "Item 5.02", "item 5.02."):
        rows = search(desk.store, "ann", "Weston", "officer resign appointed", None, Wanted(item=written))
        assert {row.item for row in rows} == {"5.02"}


def test_with_an_embedder_meaning_finds_what_words_do_not(desk: Desk) -> None:
    assert days(desk, "purse") == []
    assert days(desk, "purse", Themes())[0] == date(2026, 4, 7)


def test_words_that_only_ask_are_not_looked_for(desk: Desk) -> None:
    embedder = Themes()
    search(desk.store, "ann", "Weston", "What did they say about the oven?", embedder)
    assert embedder.asked == ["oven"]
    assert gist("Who are you?") == "Who are you?"
    assert search(desk.store, "ann", "Weston", "   ") == ()


def test_an_unknown_account_is_an_error(desk: Desk) -> None:
    with pytest.raises(UnknownAccount):
        search(desk.store, "ann", "Easton", "furnace")


def test_a_withdrawn_source_is_found_no_more(desk: Desk) -> None:
    (row, *_) = search(desk.store, "ann", "Weston", "budget")
    flow.withdraw(desk, "Weston", row.source)
    assert search(desk.store, "ann", "Weston", "budget") == ()


@given(st.text(max_size=80), st.text(max_size=20))
def test_highlights_lie_in_the_text_in_order_and_apart(text: str, asked: str) -> None:
    last = -1
    for start, end in highlights(text, asked):
        assert last < start < end <= len(text)
        last = end


def test_highlights_follow_letters_without_spaces() -> None:
    assert highlights("田中さんは東京支社です", "東京") == ((5, 7),)


# Earlier passages


def test_earlier_passages_come_from_other_occasions_that_were_no_later(desk: Desk) -> None:
    here = desk.account("Weston")
    with here.read() as tx:
        by_day = {source.document.said_on: source for source in tx.sources()}
    (found,) = finder(desk, here, by_day[date(2026, 3, 20)])(["furnace pilot"])
    assert {passage.said_on for passage in found} == {date(2026, 3, 3)}


def test_another_record_of_the_same_occasion_is_no_earlier_passage(desk: Desk) -> None:
    here = desk.account("Weston")
    with here.write() as tx:
        by_day = {source.document.said_on: source for source in tx.sources()}
        talk = by_day[date(2026, 3, 20)]
        tx.assign_occasion(by_day[date(2026, 3, 3)].id, talk.occasion.id)
    assert finder(desk, here, talk)(["furnace pilot"]) == [[]]


# Reindex


def test_reindex_embeds_what_has_no_vector_and_says_how_far_behind_the_index_was(desk: Desk) -> None:
    other = Themes()
    other.name = "other themes"
    desk.__dict__["embedder"] = other
    every = without_vectors(desk.store, "ann", "Weston", "other themes")
    assert every >= 3
    heard: list[tuple[int, int]] = []
    done = indexing.reindex(desk, "Weston", lambda now, all_: heard.append((now, all_)))
    assert (done.embedded, done.indexed, done.behind) == (every, every, every)
    assert heard[-1][0] == heard[-1][1]
    assert [now for now, _ in heard] == sorted(now for now, _ in heard)
    assert without_vectors(desk.store, "ann", "Weston", "other themes") == 0
    again = indexing.reindex(desk, "Weston", silent)
    assert (again.embedded, again.indexed, again.behind) == (0, every, 0)


def test_what_a_crash_left_half_embedded_is_taken_up_where_it_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(Themes):
        name = "failing"

        def embed(self, texts: Sequence[str], progress: object = None) -> Any:
            if len(self.asked) >= 2:
                raise RuntimeError
            return super().embed(texts)

    monkeypatch.setattr(indexing, "BATCH", 1)
    desk.__dict__["embedder"] = Failing()
    every = without_vectors(desk.store, "ann", "Weston", "failing")
    with pytest.raises(RuntimeError):
        indexing.reindex(desk, "Weston", silent)
    assert without_vectors(desk.store, "ann", "Weston", "failing") == every - 2


def test_without_an_embedder_there_is_nothing_to_make_anew(desk: Desk) -> None:
    desk.__dict__["embedder"] = None
    assert indexing.reindex(desk, "Weston", silent) == indexing.Reindexed(0, 0, 0)


def test_reindex_leaves_an_index_alone_that_another_process_owns(desk: Desk) -> None:
    assert desk.store.index.owned
    with open_store(desk.settings) as second:
        other = Desk(desk.settings, "ann")
        other.__dict__.update(store=second, embedder=Themes())
        with pytest.raises(IndexBusy):
            indexing.reindex(other, "Weston", silent)


# The commands


def run(desk: Desk, *arguments: str) -> str:
    desk.store.close()
    ran = CliRunner().invoke(notes2plan, ["--home", str(desk.settings.home), *arguments], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_the_command_finds_and_prints(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES2PLAN_USER", "ann")
    monkeypatch.setenv("NOTES2PLAN_EMBEDDINGS", "off")
    told = run(desk, "search", "Weston", "budget")
    assert "2026-04-07" in told
    assert "held by Müller" in told
    assert "by words alone" in told
    assert "Nothing was found." in run(desk, "search", "Weston", "xylophone")
    assert '"how": "words"' in run(desk, "search", "Weston", "budget", "--json", "--until", "2026-05-01")
    assert "by words alone" in run(desk, "reindex")


def test_the_command_reindexes_every_account(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES2PLAN_USER", "ann")
    monkeypatch.setattr(Desk, "embedder", Themes())
    told = run(desk, "reindex")
    assert "Weston:" in told
    assert "0 embedded now" in told
