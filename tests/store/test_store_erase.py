"""What is erased is gone from every file; the history still verifies, and everything else stays."""

import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadValue, StoreBusy, UnknownSource
from pipeline.records import Decision, FieldChange, Op, Verdict
from pipeline.settings import Settings
from pipeline.store import AccountStore, Delta, Store, masking, open_store, sweeping
from pipeline.store import tables as t
from tests.store.making import account, add_note, add_proposal, approve, person, told, update

PLANTED = "Zephyrine Quillfeather"
ELSEWHERE = "Mara Lind"
TEXT = f"{ELSEWHERE} leads the trial.\n{PLANTED} holds the money."


def files_with(home: Path, words: str) -> list[str]:
    """Files of the data folder that hold the words, in the encodings that a database or an index may use."""
    forms = {words, words.lower(), words.upper(), words.casefold()}
    wanted = {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le")}
    wanted |= {part.encode() for part in words.lower().split()}
    found = []
    for folder, _, names in os.walk(home):
        for name in names:
            content = Path(folder, name).read_bytes()
            lower = content.lower()
            if any(form in content or form in lower for form in wanted):
                found.append(name)
    return found


def rows_with(store: Store, words: str) -> list[str]:
    """Tables of the database that hold the words."""
    found = []
    with store._engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                raw = b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in row).lower()
                if any(part.encode() in raw for part in words.lower().split()):
                    found.append(table.name)
    return found


def fill(north: AccountStore) -> str:
    """A plan that rests on two notes: one of them, planted, everywhere that words can go. The head's hash."""
    with north.write() as tx:
        kept = add_note(tx, f"{ELSEWHERE} sponsors the rollout.", "kept")
        one = person("stk-1", ELSEWHERE, ELSEWHERE, kept, interests=["music"])
        add_proposal(tx, "prp-kept", one, source="kept")
        approve(tx, one)
    with north.write() as tx:
        note = add_note(tx, TEXT, "note", title=f"Call with {PLANTED}", participants=(told(PLANTED),))
        tx.add_vectors("test", {"note-1": [1.0, 0.0], "note-2": [0.0, 1.0], "kept-1": [0.5, 0.5]})
        two = person("stk-2", PLANTED, f"{PLANTED} holds", note, roles=["economic_buyer"], notes=f"{PLANTED} pays")
        rejected = person("stk-3", f"Not {PLANTED}", PLANTED, note)
        waits = person("stk-4", f"Miss {PLANTED}", PLANTED, note)
        more = update("chg-more", "stk-1", "interests", ["music"], ["music", f"dinner with {PLANTED}"])
        more = more.model_copy(update={"evidence": waits.evidence})
        add_proposal(tx, "prp", two, rejected, waits, more, source="note")
        no = Decision(change=rejected.id, verdict=Verdict.reject, by="ann", at=tx.now, why=f"{PLANTED}? no")
        tx.save_decisions([no])
        approve(tx, two, more)
        tx.add_support("stk-1", "name", ELSEWHERE, waits.evidence)
        job = tx.add_job("read", note.delivery, {"title": f"Call with {PLANTED}"})
    store = north._store
    claimed = store.claim_job("w")
    assert claimed is not None
    assert claimed.id == job.id
    store.fail_job(claimed, f"could not read {PLANTED}.eml")
    with north.write() as tx:
        add_proposal(tx, "prp-later", update("chg-later", "stk-2", "name", PLANTED, "Z. Q."))
        deltas = [Delta("stk-2", "stakeholders", "title", None, "CFO")]
        tx.append_revision(deltas, reason=f"Typed after the Call with {PLANTED}", origin="typed")
        tx.append_revision([Delta("stk-2", "stakeholders", "notes", f"{PLANTED} pays", None)], reason="Tidied")
        return tx.verify().head


def test_no_file_keeps_a_byte_of_an_erased_source(embedded: Settings) -> None:
    with open_store(embedded) as store:
        north = account(store, "Northwind Mills")
        head = fill(north)
        assert north.index_passages("test") == 3
        assert files_with(embedded.home, PLANTED)
        done = north.erase_source("note", "consent withdrawn")
        assert (done.sources, done.deliveries, done.passages) == (1, 1, 2)
        assert files_with(embedded.home, PLANTED) == []
        with north.read() as tx:
            assert tx.verify(head).erased == done.sealed > 0
        assert north.index_passages("test") == 1
    assert files_with(embedded.home, PLANTED) == []
    assert files_with(embedded.home, "sponsors the rollout"), "the search for bytes finds what is there"


def test_no_table_keeps_a_byte_of_an_erased_source(store: Store, north: AccountStore) -> None:
    head = fill(north)
    everywhere = "blob change decision delta evidence field_head item job occasion passage revision source support"
    assert set(everywhere.split()) <= set(rows_with(store, PLANTED))
    north.erase_source("note")
    assert rows_with(store, PLANTED) == []
    with north.read() as tx:
        tx.verify(head)


def test_what_other_sources_prove_stays(north: AccountStore) -> None:
    fill(north)
    north.erase_source("note")
    with north.read() as tx:
        items = tx.plan().items
        assert items["stk-1"].values["name"] == ELSEWHERE
        assert items["stk-1"].values["interests"][0] == "music"
        assert items["stk-2"].values["roles"] == ["economic_buyer"], "a choice is nobody's words"
        assert items["stk-2"].values["title"] == "CFO", "a person typed it"
        assert items["stk-2"].values["name"] == masking.whole(PLANTED)
        assert tx.source("kept").document.text == f"{ELSEWHERE} sponsors the rollout."
        assert tx.search_words("sponsors") == ["kept-1"]
        assert tx.search_words("money trial") == []
        assert dict(tx.names())["stk-2"] == (masking.whole(PLANTED),)


def test_a_tombstone_stays_with_true_offsets(north: AccountStore) -> None:
    fill(north)
    north.erase_source("note")
    with north.read() as tx:
        source = tx.source("note")
        assert source.withdrawn
        assert source.document.text == masking.whole(TEXT)
        assert [(line.start, line.end) for line in source.document.lines] == [(0, 26), (27, len(TEXT))]
        assert (source.document.title, source.document.participants) == (None, ())
        proof = tx.change("chg-stk-2").evidence[0]
        assert source.document.text[proof.start : proof.end] == proof.words
        assert tx.delivery(source.delivery).state == "erased"
        assert tx.sources() != []


def test_after_an_erasure_the_plan_is_still_undone_and_read_at_any_revision(north: AccountStore) -> None:
    fill(north)
    north.erase_source("note")
    with north.write() as tx:
        for number in range(tx.plan().revision + 1):
            tx.plan(revision=number)
        tx.append_revision(tx.inverse(4), reason="Reverted")
        assert tx.item("stk-2").values["notes"] == masking.whole(f"{PLANTED} pays")
        tx.verify()


def test_the_same_note_can_be_delivered_anew_after_it_was_erased(north: AccountStore) -> None:
    fill(north)
    north.erase_source("note")
    with north.write() as tx:
        _, new = tx.add_delivery(TEXT.encode(), "paste")
        assert new


def test_an_altered_tombstone_is_found_out(north: AccountStore) -> None:
    fill(north)
    north.erase_source("note")
    with north.write() as tx:
        row = next(row for row in tx._rows(tx._select(t.delta)) if row["item"] == "stk-2" and row["field"] == "name")
        where = (t.delta.c.item == "stk-2", t.delta.c.field == "name")
        tx._update(t.delta, *where, after="x" * len(row["after"]))
        tx._update(
            t.field_head, t.field_head.c.item == "stk-2", t.field_head.c.field == "name", value="x" * len(row["after"])
        )
        with pytest.raises(Exception, match="revision 2: the delta"):
            tx.verify()


def test_a_person_is_erased_wherever_a_written_form_stands(embedded: Settings) -> None:
    with open_store(embedded) as store:
        north = account(store, "Northwind Mills")
        head = fill(north)
        with north.write() as tx:
            broken = PLANTED.replace(" ", "\n")
            add_note(tx, f"Also met\n{broken} and Ann at the planning table", "other")
        done = north.erase_person((PLANTED, "Ann"), "asked to be forgotten")
        assert (done.sources, done.deliveries) == (2, 2)
        assert files_with(embedded.home, PLANTED) == []
        with north.read() as tx:
            tx.verify(head)
            assert tx.source("other").document.text == "Also met\n█████████\n████████████ and ███ at the planning table"
            assert tx.source("note").document.text.startswith(f"{ELSEWHERE} leads the trial.")
            assert {passage.id for passage in tx.unembedded("test")} >= {"note-2"}, "its vector told of the name"
            assert tx.search_words("trial") == ["note-1"]


def test_a_person_erased_from_postgresql_too(store: Store, north: AccountStore) -> None:
    head = fill(north)
    north.erase_person((PLANTED,))
    assert rows_with(store, PLANTED) == []
    with north.read() as tx:
        tx.verify(head)


def test_erasing_twice_and_more_verifies_each_time(north: AccountStore) -> None:
    head = fill(north)
    for erase in (
        lambda: north.erase_person((ELSEWHERE,)),
        lambda: north.erase_source("note"),
        lambda: north.erase_source("note"),
        lambda: north.erase_source("kept"),
    ):
        erase()
        with north.read() as tx:
            head = tx.verify(head).head


def test_a_change_that_rests_on_two_sources_keeps_its_value(north: AccountStore) -> None:
    with north.write() as tx:
        one, two = add_note(tx, "Mara Lind leads.", "one"), add_note(tx, "Lind, Mara: lead", "two")
        change = person("stk-1", "Mara Lind", "Mara Lind", one)
        more = person("stk-1", "Mara Lind", "Lind, Mara", two).evidence
        change = change.model_copy(update={"evidence": change.evidence + more})
        add_proposal(tx, "prp", change)
        approve(tx, change)
    north.erase_source("two")
    with north.read() as tx:
        assert tx.item("stk-1").values["name"] == "Mara Lind"
        assert [proof.words for proof in tx.change("chg-stk-1").evidence] == ["Mara Lind", "█████ ████"]
        tx.verify()


def test_values_that_a_join_carried_to_another_item_are_masked_there_too(north: AccountStore) -> None:
    with north.write() as tx:
        note = add_note(tx, TEXT, "note")
        one, two = person("stk-1", PLANTED, PLANTED, note), person("stk-2", ELSEWHERE)
        joined = person("stk-1", PLANTED).model_copy(
            update={
                "id": "chg-join",
                "op": Op.join,
                "into": "stk-2",
                "fields": (FieldChange(field="aliases", new=[PLANTED]),),
            }
        )
        add_proposal(tx, "prp", one, two, joined)
        approve(tx, one, two)
        deltas = [
            Delta("stk-1", "stakeholders", "", 1, None),
            Delta("stk-2", "stakeholders", "aliases", None, [PLANTED]),
        ]
        said = [Decision(change="chg-join", verdict=Verdict.approve, by="ann", at=tx.now)]
        tx.append_revision(deltas, reason="Joined", decisions=said)
    north.erase_person((PLANTED,))
    with north.read() as tx:
        assert tx.item("stk-2").values["aliases"] == [masking.whole(PLANTED)]
        tx.verify()


def test_what_must_not_be_erased_is_refused(north: AccountStore) -> None:
    with pytest.raises(UnknownSource):
        north.erase_source("nowhere")
    for forms in ((), ("",), ("a",)):
        with pytest.raises(BadValue):
            north.erase_person(forms)


def test_a_sweep_cut_short_is_done_at_the_next_open(embedded: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(embedded) as store:
        north = account(store, "Northwind Mills")
        fill(north)

        def killed(engine: Any, patience: float) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(sweeping, "sweep", killed)
            with pytest.raises(KeyboardInterrupt):
                north.erase_source("note")
        assert sweeping.due(store._engine)
    with open_store(embedded) as store:
        assert not sweeping.due(store._engine)
        assert files_with(embedded.home, PLANTED) == []


def test_a_reader_that_keeps_old_pages_alive_is_told_of(embedded: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PATIENCE_SECONDS", 0.2)
    with open_store(embedded) as store:
        north = account(store, "Northwind Mills")
        fill(north)
        with north.read() as tx:
            assert tx.plan().items
            with pytest.raises(StoreBusy, match="opened next"):
                north.erase_source("note")
        north.sweep()
        assert files_with(embedded.home, PLANTED) == []


@given(st.text(), st.lists(st.text(min_size=2, max_size=5), max_size=3))
def test_masks_keep_every_length_and_all_white_space(text: str, secrets: list[str]) -> None:
    for mask in (masking.whole, masking.of_words(secrets), masking.exactly(secrets)):
        masked = mask(text)
        assert len(masked) == len(text)
        assert [at for at, char in enumerate(text) if char.isspace()] == [
            at for at, char in enumerate(masked) if char.isspace()
        ]


def test_a_name_inside_a_longer_word_is_another_word_and_east_asian_names_need_no_spaces() -> None:
    mask = masking.of_words(["Ann", "田中"])
    assert mask("ann plans; Annual planning; 田中さんは") == "███ plans; Annual planning; ██さんは"
