"""Erasing for good: bytes and salts go, a tombstone stays, and the history verifies without being hashed again.

Masked contents get a new salt and digest, which a revision of its own seals. What an erased source alone proved is
masked wherever it stands in the same field of the plan; choices, days, numbers and references stay, since they are not
anybody's words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipeline.errors import BadValue, UnknownSource
from pipeline.records import Document, Json
from pipeline.store import masking, renaming, sweeping
from pipeline.store import tables as t
from pipeline.store.append import written_forms
from pipeline.store.fold import digest, new_salt
from pipeline.store.masking import Mask
from pipeline.store.scope import Row
from pipeline.store.transactions import Writing
from pipeline.store.values import Erased, called
from pipeline.store.words import indexed

if TYPE_CHECKING:
    from pipeline.store.doors import AccountStore

SHORTEST_FORM = 2
Secrets = Mapping[tuple[str, str], set[str]]
"""Texts to mask by (item, field)."""


def erase_source(account: "AccountStore", source: str, because: str) -> Erased:
    """See AccountStore.erase_source."""
    return _erased(account, f"Erased source {source}", because, lambda erasure: erasure.bury_source(source))


def erase_person(account: "AccountStore", forms: tuple[str, ...], because: str) -> Erased:
    """See AccountStore.erase_person."""
    if not forms or any(len(form.strip()) < SHORTEST_FORM for form in forms):
        raise BadValue("a person to erase needs at least one written form of two letters or more")
    return _erased(account, "Erased a person", because, lambda erasure: erasure.mask_person(forms))


def _erased(account: "AccountStore", what: str, because: str, erase: Callable[["Erasure"], dict[str, int]]) -> Erased:
    with account.write() as tx:
        erasure = Erasure(tx._connection, account.id, account.actor, tx.now)  # noqa: SLF001
        before = erasure.contents()
        counts = erase(erasure)
        number, sealed = erasure.seal(before, f"{what}: {because}" if because else what)
        sweeping.ask(tx._connection)  # noqa: SLF001
    account.sweep()
    return Erased(revision=number, sealed=sealed, **counts)


class Erasure(Writing):
    """A transaction that erases."""

    def contents(self) -> dict[tuple[int, int], Json]:
        """What every commitment covers, by revision and ordinal."""
        return self._contents()

    def seal(self, before: Mapping[tuple[int, int], Json], reason: str) -> tuple[int, int]:
        """Takes the salts of what was masked away, and seals what stands there now in a revision of its own."""
        now = self.contents()
        masked: list[list[Json]] = []
        for (number, ordinal), content in now.items():
            if content == before[number, ordinal]:
                continue
            salt = new_salt()
            masked.append([number, ordinal, digest(salt, content)])
            where = (t.commitment.c.revision == number, t.commitment.c.ordinal == ordinal)
            self._update(t.commitment, *where, salt=salt)
        row = self._next(self.actor, reason, None, None)
        self._seal(row, self._seals(row, (), (), {}), masked)
        self._count_erasure()
        return row["number"], len(masked)

    def bury_source(self, source: str) -> dict[str, int]:
        """Erases a source in all versions read from its delivery. Raises UnknownSource."""
        found = self._row(self._select(t.source, t.source.c.id == source))
        if found is None:
            raise UnknownSource(source)
        versions = self._rows(self._select(t.source, t.source.c.delivery == found["delivery"]))
        ids = [row["id"] for row in versions]
        secrets = self._proved_by(ids)
        self._mask_proof(ids)
        self._mask_fields(secrets)
        self._mask_around(versions, set().union(*secrets.values()) if secrets else set())
        gone = sum(self._delete(t.passage, t.passage.c.source == identity) for identity in ids)
        for row in versions:
            self._bury(row)
        self.count_age_anew(ids)
        self._bury_delivery(found["delivery"])
        return {"sources": len(ids), "deliveries": 1, "passages": gone}

    def mask_person(self, forms: tuple[str, ...]) -> dict[str, int]:
        """Masks every written form of a name, and gives the entries whose ids tell it other ids."""
        mask = masking.of_words(forms)
        ids, named = self._ids(mask)
        self._give_ids(renaming.telling(ids, forms, named))
        return self.mask_words(mask)

    def _ids(self, mask: Mask) -> tuple[dict[str, str], set[str]]:
        """All ids of entries there ever were, with their sections; and those of entries that a mask has the name of."""
        ids: dict[str, str] = {}
        named: set[str] = set()
        for row in self._rows(self._select(t.change)):
            ids |= {each: row["section"] for each in (row["item"], row["into"]) if each}
        for row in self._rows(self._select(t.delta)):
            ids[row["item"]] = row["section"]
            if row["field"] in renaming.keys_of(row["section"]) and renaming.tells([row["before"], row["after"]], mask):
                named.add(row["item"])
        return ids, named

    def _give_ids(self, names: Mapping[str, str]) -> None:
        """Renames entries in the log, the plan, the proposals, and wherever else their ids stand."""
        if not names:
            return
        for table, column in ((t.delta, "item"), (t.change, "item"), (t.change, "into"), (t.field_head, "item"),
                              (t.item, "id"), (t.support, "item"), (t.mark, "item")):  # fmt: skip
            for old, new in names.items():
                self._update(table, table.c[column] == old, **{column: new})
        for table, columns in _WORDED.items():
            if table not in (t.evidence, t.delivery, t.occasion):
                self._mask_columns(table, columns, renaming.renamed(names))

    def mask_words(self, mask: Mask) -> dict[str, int]:
        """Masks words wherever they stand in the account."""
        counts = {"sources": 0, "deliveries": 0, "passages": 0}
        for row in self._rows(self._select(t.source)):
            values = {"text": mask(row["text"]), "document": masking.in_json(row["document"], mask)}
            if values["text"] != row["text"] or values["document"] != row["document"]:
                counts["sources"] += 1
                values["title"] = _called(values)
                self._update(t.source, t.source.c.id == row["id"], **values, sha256=f"erased-{row['id']}")
                counts["deliveries"] += self._bury_bytes(row["delivery"])
                counts["passages"] += self._requote(row, values["text"])
        for row in self._rows(self._select(t.passage)):
            text = mask(row["text"])
            if text != row["text"] or mask(row["speaker"] or "") != (row["speaker"] or ""):
                counts["passages"] += 1
                speaker = row["speaker"] and mask(row["speaker"])
                values = {"text": text, "words": indexed(text), "speaker": speaker, "embedder": None, "vector": None}
                self._update(t.passage, t.passage.c.row == row["row"], **values)
        for table, names in _WORDED.items():
            self._mask_columns(table, names, mask)
        self._rename_items()
        return counts

    def _requote(self, source: Row, text: str) -> int:
        """Words cut from a text are cut from it again, so that a name that a cut parts is masked on both sides.

        How many passages changed.
        """
        old, recut = source["text"], 0
        for row in self._rows(self._select(t.evidence, t.evidence.c.source == source["id"])):
            told = row["content"]
            if old[told["start"] : told["end"]] == told["words"]:
                content = told | {"words": text[told["start"] : told["end"]]}
                self._update(t.evidence, *_key(t.evidence, row), content=content)
        for row in self._rows(self._select(t.passage, t.passage.c.source == source["id"])):
            cut = text[row["start"] : row["end"]]
            if row["text"] == old[row["start"] : row["end"]] != cut:
                fresh = {"text": cut, "words": indexed(cut), "embedder": None, "vector": None}
                recut += self._update(t.passage, t.passage.c.row == row["row"], **fresh)
        return recut

    def _proved_by(self, sources: Iterable[str]) -> Secrets:
        """The texts that only these sources put into the plan, or would; as found in the log and in the changes.

        Not what words of others say in the same field: that is not theirs alone.
        """
        secrets: dict[tuple[str, str], set[str]] = defaultdict(set)
        for change in self._resting_on(sources).values():
            for each in change["content"]["fields"]:
                fresh = masking.texts(each["new"]) - masking.texts(each["old"])
                for item in filter(None, (change["item"], change["into"])):
                    secrets[item, each["field"]] |= fresh if _worded(change["section"], each["field"]) else set()
        for row in self._among(t.delta, "change", self._resting_on(sources)):
            if row["field"] and _worded(row["section"], row["field"]):
                secrets[row["item"], row["field"]] |= masking.texts(row["after"]) - masking.texts(row["before"])
        for row in self._rows(self._select(t.change, t.change.c.into.is_not(None))):
            for (item, field), found in list(secrets.items()):
                if item == row["item"]:
                    secrets[row["into"], field] |= found
        others = self._said_elsewhere(sources, {item for item, _ in secrets})
        told = {place: found - others.get(place, set()) for place, found in secrets.items()}
        return {place: found for place, found in told.items() if found}

    def _said_elsewhere(self, sources: Iterable[str], items: Iterable[str]) -> Secrets:
        """The texts that other sources, which stand, prove or confirm in fields of some entries."""
        gone = {row["id"] for row in self._rows(self._select(t.source, t.source.c.withdrawn))} | set(sources)
        said: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self._among(t.support, "item", items):
            if row["source"] not in gone:
                said[row["item"], row["field"]] |= masking.texts(row["value"])
        changes = {row["id"]: row for row in self._among(t.change, "item", items) if row["state"] != "rejected"}
        for proof in self._among(t.evidence, "change", changes):
            row = changes[proof["change"]]
            for each in row["content"]["fields"] if proof["source"] not in gone else ():
                said[row["item"], each["field"]] |= masking.texts(each["new"])
        return said

    def _resting_on(self, sources: Iterable[str]) -> dict[str, Row]:
        """The changes that rest on these sources and on no other."""
        ids = set(sources)
        proofs: dict[str, set[str]] = defaultdict(set)
        for row in self._rows(self._select(t.evidence)):
            proofs[row["change"]].add(row["source"])
        mine = {row["id"] for row in self._among(t.proposal, "source", ids)}
        return {
            row["id"]: row
            for row in self._rows(self._select(t.change))
            if (proofs[row["id"]] and proofs[row["id"]] <= ids) or (row["proposal"] in mine and not proofs[row["id"]])
        }

    def _mask_proof(self, sources: Iterable[str]) -> None:
        """Masks the quotes, what was said of them, and what people typed in the place of what they proved."""
        ids = list(sources)
        for row in self._among(t.evidence, "source", ids):
            where = (t.evidence.c.change == row["change"], t.evidence.c.ordinal == row["ordinal"])
            self._update(t.evidence, *where, content=_bare(row["content"]))
        for row in self._among(t.support, "source", ids):
            self._update(t.support, t.support.c.id == row["id"], evidence=_bare(row["evidence"]))
        for identity, row in self._resting_on(ids).items():
            content = row["content"] | {"reason": masking.whole(row["content"]["reason"])}
            found = [each | {"message": masking.whole(each["message"])} for each in content["findings"]]
            self._update(t.change, t.change.c.id == identity, content=content | {"findings": found})
            self._mask_decisions(identity, row["section"])
        for row in self._among(t.proposal, "source", ids):
            values = {name: masking.in_json(row[name], masking.whole) for name in ("why", "usage", "shown")}
            self._update(t.proposal, t.proposal.c.id == row["id"], **values)

    def _mask_decisions(self, change: str, section: str) -> None:
        for row in self._rows(self._select(t.decision, t.decision.c.change == change)):
            said = {
                name: masking.in_json(value, masking.whole) if _worded(section, name) else value
                for name, value in row["fields"].items()
            }
            self._update(t.decision, t.decision.c.id == row["id"], why=masking.whole(row["why"]), fields=said)

    def _mask_fields(self, secrets: Secrets) -> None:
        """Masks texts in their field of the plan: in the log, the heads, the items, support, and other changes."""
        masks: dict[str, dict[str, Mask]] = defaultdict(dict)
        for (item, field), found in secrets.items():
            masks[item][field] = masking.exactly(found)
        for table, names in ((t.delta, ("before", "after")), (t.field_head, ("value",)), (t.support, ("value",))):
            for row in self._among(table, "item", masks):
                mask = masks[row["item"]].get(row["field"])
                if mask is not None:
                    values = {name: masking.in_json(row[name], mask) for name in names}
                    self._update(table, *_key(table, row), **values)
        for row in self._among(t.item, "id", masks):
            mine = masks[row["id"]]
            content = {n: masking.in_json(v, mine[n]) if n in mine else v for n, v in row["content"].items()}
            self._update(t.item, t.item.c.id == row["id"], content=content)
        for column in ("item", "into"):
            for row in self._among(t.change, column, masks):
                content = masking.fields(row["content"], masks[row[column]])
                self._update(t.change, t.change.c.id == row["id"], content=content)
        self._rename_items()

    def _mask_around(self, versions: Iterable[Row], secrets: set[str]) -> None:
        """Masks titles, names and proved texts in what people and programs wrote beside: reasons, answers, problems."""
        told = {row["document"].get("title") or "" for row in versions} | secrets
        told |= {person["name"] for row in versions for person in row["document"].get("participants", ())}
        delivered = self._among(t.delivery, "id", (row["delivery"] for row in versions))
        told |= {row["filename"] or "" for row in delivered}
        mask = masking.of_words(secret for secret in told if len(secret) >= SHORTEST_FORM)
        for table in (t.revision, t.decision, t.proposal, t.job):
            self._mask_columns(table, tuple(n for n in _WORDED[table] if n != "fields"), mask)

    def _mask_columns(self, table: sa.Table, names: Iterable[str], mask: Mask) -> None:
        for row in self._rows(self._select(table)):
            values = {name: masking.in_json(row[name], mask) for name in names}
            if any(values[name] != row[name] for name in values):
                self._update(table, *_key(table, row), **values)

    def _rename_items(self) -> None:
        rows = self._rows(self._select(t.item))
        for row in rows:
            names = written_forms(row["content"])
            if names != row["names"]:
                self._update(t.item, t.item.c.id == row["id"], names=names)
        self._mark_items((row["id"], row["section"], row["version"], row["content"]) for row in rows)

    def _bury(self, row: Row) -> None:
        """Leaves a source's tombstone: its lines at their offsets, masked, and nobody's name."""
        document = row["document"]
        lines = [line | {"speaker": None, "cue": None, "item": None} for line in document["lines"]]
        bare: dict[str, Any] = {"title": None, "author": None, "said_on_from": None, "participants": [], "speakers": []}
        bare |= {"attributes": {}, "dropped": [], "warnings": [], "lines": lines}
        values = {"document": document | bare, "text": masking.whole(row["text"]), "sha256": f"erased-{row['id']}"}
        values["title"] = _called(values)
        self._update(t.source, t.source.c.id == row["id"], **values, withdrawn=True, erased_at=self.now)
        others = self._rows(
            self._select(t.source, t.source.c.occasion == row["occasion"], t.source.c.erased_at.is_(None))
        )
        if not others:
            self._update(t.occasion, t.occasion.c.id == row["occasion"], title=None, calendar_id=None)

    def _bury_delivery(self, delivery: str) -> None:
        self._bury_bytes(delivery)
        values = {"filename": None, "problem": None, "state": "erased"}
        self._update(t.delivery, t.delivery.c.id == delivery, **values)

    def _bury_bytes(self, delivery: str) -> int:
        gone = self._connection.execute(sa.delete(t.blob).where(t.blob.c.delivery == delivery)).rowcount
        self._update(t.delivery, t.delivery.c.id == delivery, sha256=f"erased-{delivery}")
        return gone


_WORDED: Mapping[sa.Table, tuple[str, ...]] = {
    t.occasion: ("title",),
    t.delivery: ("filename", "problem", "origin"),
    t.job: ("payload", "progress", "error"),
    t.proposal: ("why", "usage", "shown"),
    t.change: ("content",),
    t.evidence: ("content",),
    t.decision: ("why", "fields"),
    t.revision: ("reason",),
    t.delta: ("before", "after"),
    t.item: ("content",),
    t.field_head: ("value",),
    t.support: ("value", "evidence"),
    t.source: ("withdrawn_because",),
}
"""Where words may stand, beside the texts themselves."""


def _called(values: Mapping[str, Any]) -> str:
    """A source's title as its masked document and text make it."""
    return called(Document.model_validate({**values["document"], "text": values["text"]}))


def _key(table: sa.Table, row: Row) -> list[sa.ColumnElement[bool]]:
    return [column == row[column.name] for column in table.primary_key]


def _bare(evidence: Mapping[str, Any]) -> dict[str, Any]:
    quote = evidence["quote"]
    return {
        **evidence,
        "words": masking.whole(evidence["words"]),
        "quote": quote and masking.whole(quote),
        "speaker": None,
    }


def _worded(section: str, field: str) -> bool:
    """Whether a field holds anybody's words."""
    from pipeline.sections import sections

    known = sections().get(section)
    shape = known.fields.get(field) if known else None
    return shape is None or shape.kind in ("text", "words", "splits")
