"""The state machine of the long run: what people do to two accounts, and what must hold after each step."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from evals.long import invariants, stage
from evals.long.notes import EDITS, LINES, SENTENCES
from evals.long.stage import GUEST, OWNER, PEOPLE, REVIEWER
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.errors import BadValue, Conflicted, Mistake, NotAllowed, StaleDecision, StillReferred, UnknownSource
from pipeline.records import Change, Decision, Draft, Item, Op, Proposal, Verdict
from pipeline.store import SourceOutline

WORDS = ("quetzalnorth", "tamarinsouth")
"""What stands in all texts of one account and in none of the other."""
NUMBER = st.integers(0, 1_000_000)
WHERE = st.integers(0, 1)
WHO = st.sampled_from((OWNER, OWNER, REVIEWER, GUEST))
DECIDER = st.sampled_from((OWNER, REVIEWER))


class Plans(RuleBasedStateMachine):
    """One run: two accounts, and what the run remembers of them."""

    here: ClassVar[stage.Stage]
    runs: ClassVar[int] = 0
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.desk = self.here.fresh()
        self.accounts = [
            stage.set_up(self.desk, name, word).id for name, word in zip(stage.ACCOUNTS, WORDS, strict=True)
        ]
        self.past: dict[tuple[int, int], list[Item]] = {}
        self.rejected: dict[str, set[str]] = defaultdict(set)
        self.movable: set[str] = set()
        self.calls = 0
        self.touched = {0, 1}

    def teardown(self) -> None:
        """The dear checks, once a run."""
        try:
            for at in (0, 1):
                self._check_all(at)
        finally:
            Plans.runs += 1
            self.here.clear(self.desk)

    # What people do

    @rule(
        at=WHERE,
        who=WHO,
        lines=LINES,
        day=st.integers(1, 28),
        movable=st.booleans(),
        now=st.sampled_from((True, True, False)),
    )
    def deliver(self, at: int, who: str, lines: list[str], day: int, movable: bool, now: bool) -> None:
        """A note comes in, and is read and proposed at once or later. What may be moved has no word of its account."""
        word = "anything" if movable else WORDS[at]
        note = f"Call about {word}, {day} March 2026\n\n" + "\n".join(lines) + "\n"
        delivery = flow.deliver(self._desk(who), self.accounts[at], note.encode(), "note.txt")
        again = flow.deliver(self._desk(who), self.accounts[at], note.encode(), "other.txt")
        assert again.id == delivery.id
        if movable:
            self.movable.add(delivery.id)
        self._did("deliver", at)
        if now:
            self.work()

    @rule(at=WHERE, who=DECIDER, lines=LINES, day=st.integers(1, 28), movable=st.booleans())
    def bring_and_approve(self, at: int, who: str, lines: list[str], day: int, movable: bool) -> None:
        """A note comes in, and all that it proposes is approved."""
        self.deliver(at, who, lines, day, movable, now=True)
        for proposal in [each for each in self._proposals(at) if each.source][-1:]:
            self._approve(at, who, proposal)

    @rule()
    def work(self) -> None:
        """The worker does what is due; what was rejected does not come again."""
        before = self._proposed(0) | self._proposed(1)
        jobs.run_all(self.desk)
        for at in (0, 1):
            with self._account(at).read() as tx:
                made = [tx.proposal(each) for each in sorted(self._proposed(at) - before)]
            for proposal in made:
                if proposal.source:
                    invariants.not_again(proposal, self.rejected[proposal.source])
            with self._account(at).read() as tx:
                assert not tx.jobs("failed"), [job.error for job in tx.jobs("failed")]
        self._did("work", 0, 1)

    @rule(at=WHERE, who=WHO, pick=NUMBER)
    def propose_again(self, at: int, who: str, pick: int) -> None:
        """Another proposal of a source, also of one that was withdrawn since."""
        source = self._source(at, pick)
        if source:
            try:
                flow.propose_again(self._desk(who), self.accounts[at], source)
            except UnknownSource:
                return
            self.work()

    @rule(at=WHERE, pick=NUMBER)
    def read_again(self, at: int, pick: int) -> None:
        """Reading a delivery again makes the same source."""
        stand = self._readable(at)
        with self._account(at).read() as tx:
            found = len(tx.sources())
        if stand:
            source = stand[pick % len(stand)]
            again = flow.read(self.desk, self.accounts[at], source.delivery)
            assert again is not None
            with self._account(at).read() as tx:
                assert len(tx.sources()) == found, "the same bytes were read into another source"
                newest, *older = tx.sources(delivery=source.delivery)
                assert newest.id == again.id
                assert not any(tx.passages(each.id) for each in older if not each.withdrawn), "an old version is found"
            self._did("read again", at)

    @rule(at=WHERE, who=DECIDER, pick=NUMBER, verdicts=st.lists(st.sampled_from(Verdict), min_size=1, max_size=5))
    def decide(self, at: int, who: str, pick: int, verdicts: list[Verdict]) -> None:
        """A reviewer decides some changes of an open proposal; the same again changes nothing."""
        proposal = self._open(at, pick)
        if proposal is None:
            return
        changes = proposal.changes[pick % len(proposal.changes) :] + proposal.changes[: pick % len(proposal.changes)]
        said = [self._said(each, verdict, who, pick) for each, verdict in zip(changes, verdicts, strict=False)]
        self._decide(at, who, proposal, said)

    @rule(at=WHERE, who=DECIDER, pick=NUMBER)
    def approve_all(self, at: int, who: str, pick: int) -> None:
        """Everything of a proposal at once."""
        proposal = self._open(at, pick)
        if proposal is not None:
            self._approve(at, who, proposal)

    @rule(at=WHERE, pick=NUMBER)
    def a_guest_decides_nothing(self, at: int, pick: int) -> None:
        """Who is no reviewer can't decide, edit, undo or withdraw."""
        guest, account = self._desk(GUEST), self.accounts[at]
        proposal, source = self._open(at, pick), self._source(at, pick)
        tries: list[Callable[[], object]] = [lambda: flow.revert(guest, account, 1)]
        if proposal is not None:
            said = [self._said(proposal.changes[0], Verdict.approve, GUEST, 0)]
            tries.append(lambda: flow.decide(guest, account, proposal.id, said))
        if source:
            tries += [lambda: flow.withdraw(guest, account, source), lambda: flow.erase(guest, account, source)]
        for tried in tries:
            try:
                tried()
            except NotAllowed:
                continue
            raise AssertionError("a guest did what only reviewers may")

    @rule(at=WHERE, who=DECIDER, pick=NUMBER)
    def settle(self, at: int, who: str, pick: int) -> None:
        """A change that is in conflict is taken by somebody who saw what stands."""
        proposal = self._open(at, pick)
        if proposal is None:
            return
        change = proposal.changes[pick % len(proposal.changes)]
        said = [self._said(change, Verdict.approve, who, 0)]
        first = flow.decide(self._desk(who), self.accounts[at], proposal.id, said)
        seen = {(each.change, each.field): each.current for each in first.conflicts}
        done = flow.decide(self._desk(who), self.accounts[at], proposal.id, said, seen=seen)
        if seen and not done.conflicts:
            self._did("settled", at)
        self._did("settle", at)

    @rule(at=WHERE, who=DECIDER, line=SENTENCES)
    def type_directly(self, at: int, who: str, line: str) -> None:
        """A person's own change."""
        draft = self._draft(at, line)
        if draft is not None:
            self._adopt(at, who, draft, "type")

    @rule(at=WHERE, who=DECIDER, pick=NUMBER, other=NUMBER, section=st.sampled_from(("stakeholders", "departments")))
    def join(self, at: int, who: str, pick: int, other: int, section: str) -> None:
        """Two entries become one."""
        found = [each.id for each in self._items(at) if each.section == section]
        if len(found) > 1:
            one, into = found[pick % len(found)], found[other % len(found)]
            if one != into:
                self._adopt(at, who, Draft(section=section, op=Op.join, item=one, into=into), "join")

    @rule(at=WHERE, who=DECIDER, pick=NUMBER, alone=st.booleans())
    def revert(self, at: int, who: str, pick: int, alone: bool) -> None:
        """A revision, or one change of it, is taken back, or it is said why not."""
        with self._account(at).read() as tx:
            made = tx.revisions()
            chosen = made[pick % len(made)]
            changes = list(dict.fromkeys(each.change for each in tx.deltas(chosen.number) if each.change))
        change = changes[pick % len(changes)] if alone and changes else None
        before = len(made)
        try:
            flow.revert(self._desk(who), self.accounts[at], chosen.number, change)
        except (Conflicted, Mistake):
            with self._account(at).read() as tx:
                assert len(tx.revisions()) == before
            return
        self._did("revert", at)

    @rule(at=WHERE, who=DECIDER)
    def undo_at_once(self, at: int, who: str) -> None:
        """The newest revision can always be undone, and the plan is exactly as before, order and all."""
        with self._account(at).read() as tx:
            head = tx.head()
            if head is None or not tx.deltas(head.number):
                return
            before = list(tx.plan(head.number - 1).items.values())
        flow.revert(self._desk(who), self.accounts[at], head.number)
        invariants.same_items(before, self._items(at))
        self._did("undo", at)

    @rule(at=WHERE, who=DECIDER, pick=NUMBER)
    def withdraw(self, at: int, who: str, pick: int) -> None:
        """A source is taken back."""
        source = self._source(at, pick)
        if source:
            flow.withdraw(self._desk(who), self.accounts[at], source, "taken back")
            self._did("withdraw", at)

    @rule(at=WHERE, who=DECIDER, pick=NUMBER)
    def move(self, at: int, who: str, pick: int) -> None:
        """A source goes to the other account."""
        free = [each for each in self._standing(at) if each.delivery in self.movable]
        if free:
            source = free[pick % len(free)]
            _, there = flow.move(self._desk(who), self.accounts[at], source.id, self.accounts[1 - at])
            self.movable.add(there.id)
            self._did("move", 0, 1)
            self.work()
            with self._account(1 - at).read() as tx:
                stands = [each for each in tx.sources(delivery=there.id) if not each.withdrawn]
            assert stands, "a source that was moved here does not stand here"

    @rule(at=WHERE, pick=NUMBER, person=st.sampled_from((None, None, *PEOPLE)))
    def erase(self, at: int, pick: int, person: str | None) -> None:
        """A source or a person goes for good."""
        source = self._source(at, pick)
        if pick % 3 or not (person or source):
            return  # seldom: what is erased leaves little to work on
        flow.erase(self.desk, self.accounts[at], None if person else source, (person,) if person else (), "asked to")
        for place in [place for place in self.past if place[0] == at]:
            del self.past[place]
        self.rejected.clear()
        self._did("erase", at)
        self._forgotten(at, person)

    # What always holds

    @invariant()
    def the_plan_is_sound(self) -> None:
        """After every step, of the accounts that it touched."""
        for at in sorted(self.touched):
            with self._account(at).read() as tx:
                plan = tx.plan()
                invariants.nothing_dangles(plan)
                invariants.quotes_stand(tx)
                invariants.decisions_are_kept(tx)
            known = self.past.setdefault((at, plan.revision), list(plan.items.values()))
            invariants.same_items(known, plan.items.values())
        self.touched = set()

    def _check_all(self, at: int) -> None:
        account, other = self.accounts[at], self.accounts[1 - at]
        invariants.whole(self.desk, account)
        invariants.apart(self.desk, account, other, WORDS[1 - at])
        invariants.out_of_reach(self.desk, account, invariants.ids_of(self.desk, other))
        with self._account(at).read() as tx:
            for (place, revision), items in self.past.items():
                if place == at:
                    invariants.same_items(items, tx.plan(revision).items.values())

    def _forgotten(self, at: int, person: str | None) -> None:
        if person is not None:
            invariants.nowhere(self.desk, self.accounts[at], person)

    # How

    def _did(self, what: str, *touched: int) -> None:
        Plans.done[what] += 1
        self.touched |= set(touched)

    def _desk(self, who: str) -> Desk:
        return self.desk.as_(who)

    def _account(self, at: int) -> Any:
        return self.desk.account(self.accounts[at])

    def _items(self, at: int) -> list[Item]:
        with self._account(at).read() as tx:
            return list(tx.plan().items.values())

    def _proposals(self, at: int) -> Sequence[Proposal]:
        with self._account(at).read() as tx:
            found: Sequence[Proposal] = tx.proposals()
        return found

    def _proposed(self, at: int) -> set[str]:
        """The ids of the proposals there are."""
        with self._account(at).read() as tx:
            return {each.id for each in tx.proposal_outlines()}

    def _open(self, at: int, pick: int) -> Proposal | None:
        with self._account(at).read() as tx:
            waiting = [each.id for each in tx.proposal_outlines(state="open")]
            found: Proposal | None = tx.proposal(waiting[pick % len(waiting)]) if waiting else None
        return found

    def _source(self, at: int, pick: int) -> str:
        with self._account(at).read() as tx:
            found = [each.id for each in reversed(tx.source_outlines())]  # ids are random, a run must come again
        return found[pick % len(found)] if found else ""

    def _standing(self, at: int) -> list[SourceOutline]:
        """The sources that stand, newest first; those that an erasure masked among them."""
        with self._account(at).read() as tx:
            return [each for each in tx.source_outlines() if not each.withdrawn]

    def _readable(self, at: int) -> list[SourceOutline]:
        """Those whose bytes are kept, too: erasing somebody takes the bytes of what named them."""
        with self._account(at).read() as tx:
            return [each for each in tx.source_outlines() if not each.withdrawn and tx.has_bytes(each.delivery)]

    def _draft(self, at: int, line: str) -> Draft | None:
        return stage.draft_of(line, self._plan(at))

    def _plan(self, at: int) -> Any:
        with self._account(at).read() as tx:
            return tx.plan()

    def _said(self, change: Change, verdict: Verdict, who: str, pick: int) -> Decision:
        choices = EDITS.get(change.section, ({},))
        fields = choices[pick % len(choices)] if verdict is Verdict.edit else {}
        return Decision(change=change.id, verdict=verdict, by=who, at=datetime.now(UTC), fields=fields)

    def _approve(self, at: int, who: str, proposal: Proposal) -> None:
        self._decide(at, who, proposal, [self._said(each, Verdict.approve, who, 0) for each in proposal.changes])

    def _adopt(self, at: int, who: str, draft: Draft, what: str) -> None:
        try:
            done = flow.adopt(self._desk(who), self.accounts[at], [draft], "direct", "Typed")
        except (BadValue, StaleDecision, StillReferred):
            return
        self._did(what if done.revision else f"{what}, in vain", at)

    def _decide(self, at: int, who: str, proposal: Proposal, said: list[Decision]) -> None:
        """Decides; then once more with the same key, and once more without."""
        desk, account = self._desk(who), self.accounts[at]
        self.calls += 1
        key, before = f"call-{self.calls}", self._items(at)
        with self._account(at).read() as tx:
            open_before = {change for change, state in tx.states(proposal.id).items() if state in ("pending", "asked")}
        try:
            done = flow.decide(desk, account, proposal.id, said, key)
        except BadValue:
            invariants.same_items(before, self._items(at))
            return
        blocked = {each.change for each in done.conflicts}
        with self._account(at).read() as tx:
            states = tx.states(proposal.id)
        for each in (one for one in said if one.change in open_before):
            waits = states[each.change] in ("pending", "asked", "superseded")  # what needs no person is closed with it
            assert waits == (each.change in blocked or each.verdict is Verdict.ask), (
                f"{each.change} was decided {each.verdict} and is {states[each.change]}"
            )
            if each.verdict is Verdict.reject and proposal.source:
                change = next(one for one in proposal.changes if one.id == each.change)
                self.rejected[proposal.source].add(invariants.claim_of(change, proposal))
        if done.revision is None:
            invariants.same_items(before, self._items(at))
        after = self._items(at)
        again = flow.decide(desk, account, proposal.id, said, key)
        assert again.revision == done.revision, "the same call made another revision"
        flow.decide(desk, account, proposal.id, [each for each in said if each.change not in blocked])
        invariants.same_items(after, self._items(at))
        self._did("decide" if done.revision else "decide, nothing to merge", at)
        if blocked:
            self._did("conflict", at)
