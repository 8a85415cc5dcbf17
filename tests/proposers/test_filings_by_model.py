"""A filing asked of a model: read whole or where it is worth it, within calls and tokens, with its own guidance."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import ingest, llm, prompt, retrieve, settings
from pipeline.llm import manners
from pipeline.proposers import Tools
from pipeline.proposers.model import filings, propose, wire
from pipeline.proposers.model.asking import LARGEST_FRAME, ask, frame
from pipeline.proposers.model.purse import Purse
from pipeline.records import Answer, Context, Document, Line, Op, Outcome, Plan, SourceKind, Usage
from pipeline.sections import sections
from tests.model_server import ModelServer, says

CASES = Path(__file__).resolve().parent.parent / "cases" / "proposers" / "model"
FILLER = "The lamps of site {} were counted again, and the count of the year before was found to hold."
NEWS = "On May 4, 2026 the board appointed Vera Okonjo as Chief Financial Officer, effective June 1, 2026."
SIGNED = "/s/ Boris Thal, Chief Executive Officer and Director"


@pytest.fixture(autouse=True)
def _strangers() -> Iterator[None]:
    manners.forget()
    yield
    manners.forget()


def filed(words: Iterable[tuple[str, str | None]], form: str = "10-K") -> Document:
    """A filing of lines, each with its item."""
    lines, text = [], ""
    for number, (said, item) in enumerate(words, 1):
        lines.append(Line(number=number, start=len(text), end=len(text) + len(said), item=item))
        text += said + "\n"
    given = {"form": form, "company": "Fenwick Lamps"}
    return Document(kind=SourceKind.filing, format="filing", text=text, lines=tuple(lines), attributes=given)


def annual(lines: int = 3_000) -> Document:
    """An annual report of many lines that say little; one of news in the middle, a signature page at the end."""
    words = [(FILLER.format(number), str(number // 500 + 1)) for number in range(lines)]
    words[lines // 2] = (NEWS, words[lines // 2][1])
    return filed([*words, *((SIGNED, "signatures") for _ in range(5))])


def current() -> Document:
    """A current report, short as they are."""
    return filed([("CURRENT REPORT", None), (NEWS, "5.02"), (SIGNED, "signatures")], "8-K")


def context(document: Document) -> Context:
    return Context(document=document, plan=Plan(account="a"), account="Fenwick Lamps", said_on=date(2026, 5, 6))


def tools(server: ModelServer | None = None, **more: Any) -> Tools:
    given = {"model_url": server.url, "model": "m", "model_retries": 0} if server else {}
    chosen = settings.load(**{**given, **more})
    return Tools(chosen, worth_reading=lambda text, names, room: retrieve.worth_reading(text, names, None, room))


def wired(*changes: dict[str, Any]) -> str:
    return json.dumps({"changes": list(changes), "nothing_because": None if changes else "No news."})


def added(name: str, words: str, **fields: str) -> dict[str, Any]:
    given = [{"name": key, "value": value} for key, value in {"name": name, **fields}.items()]
    quotes = [{"line": None, "words": words}]
    return {"quotes": quotes, "section": "stakeholders", "op": "add", "handle": None, "fields": given}


def told_lines(server: ModelServer) -> list[set[int]]:
    """The numbers of the lines in each question."""
    users = [body["messages"][1]["content"] for body in server.bodies]
    return [{int(each) for each in re.findall(r"^(\d+)[|>#~]", user, re.MULTILINE)} for user in users]


def proposed(document: Document, *changes: dict[str, Any]) -> Answer:
    with ModelServer(says(wired(*changes))) as server:
        return propose(context(document), tools(server))


# What is read


def test_of_a_long_filing_only_what_is_worth_reading_is_sent_in_few_calls_within_the_budget() -> None:
    document = annual()
    with ModelServer(says(wired())) as server:
        answer = propose(context(document), tools(server, filing_tokens=6_000))
    sent = set().union(*told_lines(server))
    assert len(server.bodies) <= filings.MOST_CALLS
    assert {1, 1_501, 3_001, 3_005} <= sent
    letters = sum(document.lines[number - 1].end - document.lines[number - 1].start for number in sent)
    assert letters // 4 <= 6_000
    assert answer.outcome is Outcome.nothing


def test_what_was_not_read_is_told_to_the_reviewer_and_to_the_model() -> None:
    document = filed([*((FILLER.format(n), "1") for n in range(2_000)), *((FILLER[:9], "15") for n in range(2_000))])
    with ModelServer(says(wired())) as server:
        answer = propose(context(document), tools(server, filing_tokens=2_000))
    user = server.bodies[0]["messages"][1]["content"]
    read = len(set().union(*told_lines(server)))
    assert f"{read} of 4000 lines" in user
    assert f"Of this 10-K {read} of 4000 lines were read" in answer.warnings[0]
    assert "stakeholders, overview" in answer.warnings[0]


def test_items_of_which_nothing_was_read_are_named() -> None:
    words = [(FILLER.format(n), "1") for n in range(3_000)]
    document = filed([*words, ("www 77 qqq", "16")])
    with ModelServer(says(wired())) as server:
        answer = propose(context(document), tools(server, filing_tokens=1_000))
    assert "nothing of items 16." in answer.warnings[0]


def test_a_filing_that_fits_is_read_whole_and_nothing_is_said_of_it() -> None:
    with ModelServer(says(wired())) as server:
        answer = propose(context(current()), tools(server))
    assert told_lines(server) == [{1, 2, 3}]
    assert answer.warnings == ()
    assert "worth reading" not in server.bodies[0]["messages"][1]["content"]


def test_a_filing_a_little_longer_than_one_question_is_read_whole_in_parts() -> None:
    document = annual(350)
    with ModelServer(says(wired())) as server:
        answer = propose(context(document), tools(server))
    assert set().union(*told_lines(server)) == {line.number for line in document.lines}
    assert 1 < len(server.bodies) <= filings.MOST_CALLS
    assert answer.warnings == ()


def test_a_transcript_is_read_whole_however_long() -> None:
    document = annual(2_000).model_copy(update={"kind": SourceKind.transcript})
    with ModelServer(says(wired())) as server:
        propose(context(document), tools(server))
    assert set().union(*told_lines(server)) == {line.number for line in document.lines}
    assert len(server.bodies) > filings.MOST_CALLS


@pytest.mark.parametrize("room", [500, 6_000])
def test_a_model_with_little_context_is_asked_no_more_often(room: int) -> None:
    with ModelServer(says(wired())) as server:
        propose(context(annual()), tools(server, model_context_tokens=9_300 + 1_500 + room))
    assert len(server.bodies) <= filings.MOST_CALLS


def test_answers_that_do_not_fit_never_make_more_calls_than_there_may_be() -> None:
    with ModelServer(says("{", finish="length")) as server:
        answer = propose(context(annual()), tools(server))
    assert len(server.bodies) <= filings.MOST_CALLS
    assert answer.outcome is Outcome.unavailable


def test_a_filing_beyond_the_budget_is_not_read_whole_even_if_few_calls_would_do() -> None:
    document = annual(500)
    with ModelServer(says(wired())) as server:
        propose(context(document), tools(server, filing_tokens=2_000))
    sent = set().union(*told_lines(server))
    assert sum(document.lines[number - 1].end - document.lines[number - 1].start for number in sent) // 4 <= 2_000


def test_who_signs_is_read_even_where_the_text_is_cut_short_and_the_words_answer_nothing() -> None:
    words = [(FILLER.format(n), "1") for n in range(3_000)]
    document = filed([*words, *(("Qq Zz", "signatures") for _ in range(9))])
    with ModelServer(says(wired())) as server:
        propose(context(document), tools(server, model_context_tokens=11_000))
    assert set(range(3_001, 3_010)) <= set().union(*told_lines(server))


def test_the_guidance_takes_its_room_from_the_text() -> None:
    note = current().model_copy(update={"kind": SourceKind.note})
    assert frame(note) == LARGEST_FRAME
    assert frame(current()) >= LARGEST_FRAME + len(filings.guidance(current())) // 4


# What is said of it


@pytest.mark.parametrize("case", sorted(CASES.glob("*.htm")), ids=lambda path: path.stem)
def test_the_question_about_a_filing_is_word_for_word_as_it_was_approved(case: Path) -> None:
    expected = json.loads(case.with_suffix(".expected.json").read_text(encoding="utf-8"))
    document = ingest.read(case.read_bytes(), case.name, settings.load())
    asked = ask(context(document), document.lines, nonce="f00d")
    (_, system), (_, user) = asked.messages
    hint = "the prompt changed: raise its version, then write the case anew"
    told = {"stamp": filings.stamp(document), "system": system.split("\n"), "user": user.split("\n")}
    assert told == expected, hint


def test_only_a_filing_has_the_guidance_of_filings_and_its_stamp() -> None:
    filing, note = (context(current()), context(current().model_copy(update={"kind": SourceKind.note})))
    system, other = (ask(each, each.document.lines).messages[0][1] for each in (filing, note))
    assert system.startswith(other.split("# Sections")[0])
    assert "This text is a public filing" in system
    assert "8-K filing" in system
    assert "public filing" not in other
    assert proposed(filing.document).stamp == "+".join(prompt.load(name).stamp for name in ("propose", "filing"))
    assert proposed(note.document).stamp == prompt.load("propose").stamp


def test_a_question_about_a_part_of_a_filing_leaves_room_for_the_answer() -> None:
    chosen = tools(None).settings
    with ModelServer(says(wired())) as server:
        propose(context(annual()), tools(server))
    for body in server.bodies:
        messages = [(each["role"], each["content"]) for each in body["messages"]]
        assert llm.tokens(messages, llm.portable(wire.Answer)) <= chosen.model_context_tokens - chosen.model_max_tokens


@pytest.mark.parametrize("case", prompt.load("filing").examples)
def test_an_example_of_a_filing_fits_the_form_and_quotes_its_own_words(case: Any) -> None:
    answer = wire.Answer.model_validate(case["answer"], strict=True)
    handles = {line.split()[0] for line in case["plan"]}
    for each in answer.changes:
        assert each.handle is None or each.handle in handles
        kind = sections()[each.section]
        for name in {filled.name for filled in each.fields} - {wire.EFFECTIVE}:
            assert name in kind.fields
        for quote in each.quotes:
            assert quote.line is not None
            assert quote.words in case["text"][quote.line - 1]


# What is made of the answer


def test_who_comes_into_a_post_is_urged_and_who_goes_or_is_only_listed_is_offered() -> None:
    comes = added("Vera Okonjo", "appointed Vera Okonjo", title="Chief Financial Officer", effective="2026-06-01")
    goes = added("Ole Dahl", "Ole Dahl", title="Treasurer", leaving_on="2026-06-01", notes="Gives up: Treasurer")
    new, gone = proposed(current(), comes, goes).drafts
    assert (new.op, new.optional, new.effective) == (Op.add, False, date(2026, 6, 1))
    assert gone.optional
    assert proposed(filed([(NEWS, "10")], "10-K"), comes).drafts[0].optional
    assert not proposed(current().model_copy(update={"kind": SourceKind.note}), goes).drafts[0].optional


# What a proposal may spend


def test_parts_side_by_side_stay_within_the_days_tokens_together() -> None:
    def budget(asked: int) -> str:
        return "" if asked <= 25_000 else "Used up."

    with ModelServer(says(wired(), prompt_tokens=9_000, completion_tokens=3_000)) as server:
        answer = propose(context(annual(350)), replace(tools(server), budget=budget))
    spent = sum(each.prompt_tokens + each.completion_tokens for each in answer.usage)
    assert 0 < spent <= 25_000
    assert any("over_budget" in each for each in answer.warnings)


def test_what_a_call_held_and_did_not_take_is_given_back() -> None:
    purse = Purse(lambda asked: "" if asked <= 100 else "No.")
    first, second = purse.call(), purse.call()
    assert first(60) == ""
    assert first(70) == ""
    assert second(40) == "No."
    first.settle([Usage(outcome="ok", prompt_tokens=10, completion_tokens=5)])
    assert second(85) == ""
    assert purse.call()(1) == "No."


def test_calls_are_taken_all_or_none() -> None:
    purse = Purse(None, 3)
    assert [purse.take(2), purse.take(2), purse.take(1), purse.take(1)] == [True, False, True, False]
    assert Purse(None).take(1_000)
