"""Clauses judged by their meaning: what is masked, what is taken, what is left alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from pipeline import embed
from pipeline.proposers import Tools
from pipeline.proposers.rules import PROPOSER, meaning
from pipeline.records import Context, Draft, Plan, SourceKind
from pipeline.settings import Settings
from tests.proposers.rules.conftest import ITEMS, SAID_ON, document


def drafts(text: str, embedder: Any) -> tuple[Draft, ...]:
    lines = text.split("\n")
    context = Context(
        document=document(lines, SourceKind.note, [None] * len(lines)),
        plan=Plan(account="a", items={item.id: item for item in ITEMS}),
        account="Tolland Parcel",
        author="Nell Corrie",
        said_on=SAID_ON,
    )
    return PROPOSER.propose(context, Tools(Settings(), embedder)).drafts


class Pointing:
    """An embedder whose every text points where one label is surest; it keeps the texts it was given."""

    def __init__(self, label: str) -> None:
        stored = np.load(meaning.stored_in("cells"))
        labels = [str(each) for each in stored["labels"]]
        weights = stored["weights"].astype(np.float32)
        self.vector = 3 * (weights[:, labels.index(label)] - weights.mean(axis=1))
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        self.texts += texts
        return np.stack([self.vector] * len(texts))


def test_a_clause_that_no_word_list_knows_is_judged_with_its_names_masked() -> None:
    embedder = Pointing("deployed")
    (draft,) = drafts("Fulfilment swears by PackPilot these days.", embedder)
    assert (draft.item, draft.fields["status"], draft.rule) == ("cell1", "deployed", "meaning.deployed")
    assert embedder.texts == ["the department swears by the product these days ."]


@pytest.mark.parametrize(
    "text",
    [
        "Fulfilment perhaps swears by PackPilot these days.",
        "If all goes well Fulfilment swears by PackPilot.",
        "Fulfilment does not swear by PackPilot.",
        "Does Fulfilment swear by PackPilot?",
        "PackPilot for Fulfilment is parked, they swear.",
    ],
)
def test_a_guess_a_condition_a_denial_and_a_question_are_not_judged_to_be_facts(text: str) -> None:
    assert drafts(text, Pointing("deployed")) == ()


def test_without_embeddings_or_with_those_of_another_size_nothing_is_judged() -> None:
    assert drafts("Fulfilment swears by PackPilot these days.", None) == ()
    other = type("Other", (), {"embed": lambda _self, texts: np.zeros((len(texts), 7))})()
    assert drafts("Fulfilment swears by PackPilot these days.", other) == ()


def test_who_holds_the_money_is_never_guessed() -> None:
    embedder = embed.load(Settings())
    if embedder is None:
        pytest.skip("NOT RUN: no local embeddings")
    found = drafts("The coins jingle in Olga's pocket, she settles what is spent.", embedder)
    assert not any("economic_buyer" in str(draft.fields.get("roles")) for draft in found)
