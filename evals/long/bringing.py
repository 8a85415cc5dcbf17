"""More of what people do in the long run: plan files, old notes, corrected days and occasions, bad values."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import rule

from evals.long import invariants, stage
from evals.long.notes import EDITS, LINES
from evals.long.plans import DECIDER, NUMBER, WHERE, WHO, WORDS, Plans
from pipeline import flow
from pipeline.errors import BadValue, UnknownSource, Unreadable
from pipeline.flow import correcting
from pipeline.imports import Ask
from pipeline.records import Draft, Op, Outcome

DAY = st.integers(1, 28)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(stage.PEOPLE),
        st.sampled_from(("", *stage.TITLES)),
        st.sampled_from(("", *stage.AREAS)),
        st.sampled_from(("", *stage.PEOPLE)),
    ),
    min_size=1,
    max_size=3,
)


class Bringing(Plans):
    """A run in which people also bring files, and correct what reading took a note for."""

    @rule(at=WHERE, who=WHO, rows=ROWS, approver=st.sampled_from((None, stage.OWNER)))
    def take_in(self, at: int, who: str, rows: list[tuple[str, ...]], approver: str | None) -> None:
        """A table of people as a proposal; every reference in it stands for an entry of the plan or of the table."""
        table = "\n".join(("Name,Title,Department,Reports to", *(",".join(row) for row in rows)))
        ask = Ask(as_of=date(2026, 3, 1))
        proposal, given = flow.take_in(self._desk(who), self.accounts[at], table.encode(), "people.csv", ask)
        assert not given.unmapped
        assert not [each for change in proposal.changes for each in change.findings if each.check == "value"]
        if approver is not None and proposal.changes:
            self._approve(at, approver, proposal)
        self._did("take in", at)

    @rule(at=WHERE, who=WHO, notes=st.lists(st.tuples(LINES, DAY), min_size=2, max_size=2), twice=st.booleans())
    def backfill(self, at: int, who: str, notes: list[tuple[list[str], int]], twice: bool) -> None:
        """Two old notes as one proposal; the same folder again, with nothing in between, is the same proposal."""
        files = [
            (f"{number}.txt", f"Visit about {WORDS[at]}, {day} February 2026\n\n{chr(10).join(lines)}\n".encode())
            for number, (lines, day) in enumerate(notes)
        ]
        before = {each.id for each in self._proposals(at)}
        made = flow.backfill(self._desk(who), self.accounts[at], files)
        assert (made.outcome is Outcome.changes) == any(not change.confirms for change in made.changes)
        stand = {each.id for each in self._standing(at)}
        if made.id not in before:
            assert {piece.source for change in made.changes for piece in change.evidence} <= stand, "it rests on air"
        if twice:
            again = flow.backfill(self._desk(who), self.accounts[at], files)
            assert again.id == made.id, "the same folder was proposed again"
        self._did("backfill", at)

    @rule(at=WHERE, who=WHO, pick=NUMBER, day=DAY)
    def redate(self, at: int, who: str, pick: int, day: int) -> None:
        """Somebody says on which day a source was said; it stands once, of that day, and is proposed from again."""
        source = self._source(at, pick)
        if not source:
            return
        try:
            made = correcting.redate(self._desk(who), self.accounts[at], source, date(2026, 3, day))
        except UnknownSource:
            return
        assert made.document.said_on == date(2026, 3, day)
        with self._account(at).read() as tx:
            newest, *older = tx.sources(delivery=made.delivery)
            found = [each.id for each in (newest, *older) if not each.withdrawn and tx.passages(each.id)]
        assert newest.id == made.id
        assert found == [made.id], "another version is found, too"
        self._did("redate", at)
        self.work()

    @rule(at=WHERE, who=WHO, pick=NUMBER, other=NUMBER, same=st.booleans())
    def occasion(self, at: int, who: str, pick: int, other: int, same: bool) -> None:
        """Two sources record one occasion, or one has its own."""
        source, another = self._source(at, pick), self._source(at, other)
        if source:
            told = correcting.occasion(self._desk(who), self.accounts[at], source, another if same else None)
            with self._account(at).read() as tx:
                assert not same or told.occasion == tx.source(another).occasion
            self._did("occasion", at)

    @rule(at=WHERE, who=DECIDER, pick=NUMBER)
    def type_what_does_not_fit(self, at: int, who: str, pick: int) -> None:
        """A typed value that does not fit its field is refused, and nothing changes."""
        items = self._items(at)
        item = items[pick % len(items)] if items else None
        if item is None or item.section not in WRONG:
            return
        draft = Draft(section=item.section, op=Op.update, item=item.id, fields=WRONG[item.section])
        try:
            flow.adopt(self._desk(who), self.accounts[at], [draft], "direct", "Typed")
        except BadValue:
            invariants.same_items(items, self._items(at))
            return
        raise AssertionError(f"{draft.fields} was taken")

    @rule(at=WHERE, pick=NUMBER)
    def read_what_was_masked(self, at: int, pick: int) -> None:
        """A source whose bytes an erasure took can't be read again, and says so."""
        with self._account(at).read() as tx:
            masked = [each for each in tx.sources() if not each.withdrawn and not tx.has_bytes(each.delivery)]
        if masked:
            try:
                flow.read(self.desk, self.accounts[at], masked[pick % len(masked)].delivery)
            except Unreadable:
                return
            raise AssertionError("bytes that were erased were read")


WRONG = {name: edits[-1] for name, edits in EDITS.items()}
