"""Which account a text belongs to is suggested with reasons; parts about another account are found and set apart."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.belonging import Candidate, apart, clear, other_accounts, set_apart, suggest_account, unseen
from pipeline.records import Document, Line, LineKind, Participant, SourceKind

WESTON = Candidate("acc_w", "Weston Pump Works Inc.", ("weston.example",), ("Rosa Keller", "Dev Anand"))
HALDEN = Candidate("acc_h", "Halden Dairy", ("halden.example",), ("Tove Berg",))
TRIP = """Trip report, 10 September

## Weston Pump Works
Rosa wants the second hall before the audit. Halden Dairy would convince her as a reference.

## Halden Dairy, 11 September
Tove Berg leaves in October.
### Next steps
Call her successor.

## Back home
Send Rosa the quotation."""


def text(words: str, **more: object) -> Document:
    lines, start = [], 0
    for number, line in enumerate(words.split("\n"), 1):
        lines.append(Line(number=number, start=start, end=start + len(line)))
        start += len(line) + 1
    made = Document(kind=SourceKind.note, format="text", text=words, lines=tuple(lines), said_on=date(2026, 9, 10))
    return made.model_copy(update=more)


def spans(words: str) -> list[tuple[int, int, str]]:
    return [(part.first, part.last, part.account) for part in other_accounts(text(words), WESTON, [HALDEN])]


def test_a_mail_domain_a_name_and_a_known_person_speak_for_an_account_and_say_so() -> None:
    people = (Participant(name="R. Keller", email="rosa@weston.example"),)
    (first,) = suggest_account(text("The pumps run.", participants=people), [HALDEN, WESTON])
    assert first.account == "acc_w"
    assert "rosa@weston.example has its mail domain." in first.reasons
    ranked = suggest_account(text(TRIP, title="Weston Pump Works"), [HALDEN, WESTON])
    assert [each.account for each in ranked] == ["acc_w", "acc_h"]


def test_nothing_that_speaks_for_an_account_is_no_suggestion() -> None:
    assert suggest_account(text("The pumps run. Haldenberg is far."), [HALDEN, WESTON]) == ()


def test_a_heading_that_names_another_account_opens_its_part_with_what_is_below() -> None:
    assert spans(TRIP) == [(6, 10, "acc_h")]


def test_a_label_opens_one_paragraph_or_one_point() -> None:
    assert spans("- Rosa is fine\n- Halden Dairy: Tove leaves\n  in October\n- Dev signs") == [(2, 3, "acc_h")]
    assert spans("Weston is fine.\n\nHalden Dairy: Tove leaves.\nIn October.\n\nDev signs.") == [(3, 4, "acc_h")]


def test_a_name_in_passing_opens_nothing() -> None:
    assert spans("Rosa asks for Halden Dairy as a reference.\n\n## References\nHalden Dairy would convince her.") == []
    assert spans("## Reference visit of Weston Pump Works at Halden Dairy\nRosa liked it.") == []
    assert spans("## What Halden Dairy thinks of our price\nRosa asked.") == []


def test_a_text_that_is_all_about_another_account_is_left_whole() -> None:
    assert spans("# Halden Dairy\nTove leaves in October, and her successor starts then.") == []


def test_what_is_set_apart_is_unseen_at_equal_length_and_told() -> None:
    document = apart(text(TRIP), other_accounts(text(TRIP), WESTON, [HALDEN]))
    assert set_apart(document) == ((6, 10, "acc_h"),)
    assert any("Halden Dairy" in warning for warning in document.warnings)
    assert {line.number for line in document.lines if line.kind is LineKind.boilerplate} == set(range(6, 11))
    shown = unseen(document)
    assert len(shown.text) == len(document.text)
    assert "Tove" not in shown.text
    assert "quotation" in shown.text


@given(st.lists(st.sampled_from(["", "## Halden Dairy", "# Weston Pump Works", "- Halden Dairy: yes", "Tove left."])))
def test_parts_never_overlap_and_offsets_always_hold(lines: list[str]) -> None:
    document = text("\n".join(lines))
    parts = other_accounts(document, WESTON, [HALDEN])
    assert all(one.last < other.first for one, other in pairwise(parts))
    shown = unseen(apart(document, parts))
    assert len(shown.text) == len(document.text)
    assert all(a in {b, " "} for a, b in zip(shown.text, document.text, strict=True))


def test_a_domain_in_the_text_speaks_for_its_account_but_not_a_longer_one() -> None:
    (first,) = suggest_account(text("See www.weston.example/pumps."), [HALDEN, WESTON])
    assert (first.account, first.reasons) == ("acc_w", ("weston.example stands in it.",))
    assert suggest_account(text("See weston.example.org and old-weston.example."), [HALDEN, WESTON]) == ()


def test_a_suggestion_is_clear_when_twice_as_much_speaks_for_it_and_not_a_name_alone() -> None:
    people = (Participant(name="Rosa Keller", email="rosa@weston.example"),)
    found = suggest_account(text("Halden Dairy was named.", participants=people), [HALDEN, WESTON])
    assert (best := clear(found)) is not None
    assert best.account == "acc_w"
    assert clear(suggest_account(text("Halden Dairy was named."), [HALDEN, WESTON])) is None
    assert clear(suggest_account(text("rosa@weston.example and tove@halden.example"), [HALDEN, WESTON])) is None
    assert clear(()) is None


def test_a_suggestion_tells_which_lines_would_be_set_apart_for_others() -> None:
    by_id = {each.account: each for each in suggest_account(text(TRIP), [HALDEN, WESTON])}
    assert [(part.first, part.last, part.name) for part in by_id["acc_w"].parts] == [(6, 10, "Halden Dairy")]
    assert [part.account for part in by_id["acc_h"].parts] == ["acc_w"]
    filing = suggest_account(text(TRIP, kind=SourceKind.filing), [HALDEN, WESTON])
    assert not any(each.parts for each in filing)
