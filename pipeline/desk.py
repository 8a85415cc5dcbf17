"""What every step works with: settings, the person at work, the store and the embeddings, opened when first used."""

from collections.abc import Callable
from functools import cached_property

from pipeline import access, embed, llm
from pipeline.access import Act
from pipeline.proposers import Tools
from pipeline.settings import Settings
from pipeline.store import AccountStore, Store, open_store

Progress = Callable[[int, int], None]
"""Hears how many of how many are done."""


def silent(_done: int, _all: int) -> None:
    """Nobody listens."""


class Desk:
    """What every step works with: the settings, who acts, and (opened when first used) store and embeddings."""

    def __init__(self, settings: Settings, actor: str = "", sharing: "Desk | None" = None) -> None:
        """`actor` is by default the user of the settings; `sharing` is a desk whose open store is used too."""
        self.settings = settings
        self.actor = actor or settings.user
        self._sharing = sharing
        self.heard: Progress = sharing.heard if sharing else silent
        """Hears how far long work came, for whoever waits for it at this desk."""

    def as_(self, actor: str) -> "Desk":
        """The same desk with somebody else at it."""
        return Desk(self.settings, actor, sharing=self)

    @cached_property
    def store(self) -> Store:
        """The store in the data folder or at the database URL."""
        return self._sharing.store if self._sharing else open_store(self.settings)

    @cached_property
    def embedder(self) -> embed.Embedder | None:
        """The embedder, or None; `embed.why_missing` says why."""
        return embed.load(self.settings)

    def account(self, word: str, act: Act = Act.read) -> AccountStore:
        """The account of that id or name, for `act`. Raises UnknownAccount or NotAllowed."""
        found = self.store.account(word, self.actor)
        access.require(self.actor, act, found.account)
        return found

    @cached_property
    def answers(self) -> llm.FolderCache | None:
        """Earlier answers of the model, kept by account in the data folder; None when switched off."""
        return llm.FolderCache(self.settings.home / "answers") if self.settings.model_cache else None

    def tools(self, account: str) -> Tools:
        """What a proposer is handed for an account."""
        from pipeline import retrieve

        return Tools(
            self.settings,
            self.embedder,
            self.answers,
            self._budget(account),
            narrow=retrieve.narrow,
            worth_reading=lambda text, names, room: retrieve.worth_reading(text, names, self.embedder, room),
        )

    def _budget(self, account: str) -> llm.Budget | None:
        """Says no to what would exceed the account's tokens of the day; None when there is no limit."""
        allowed = self.settings.model_tokens_per_day
        if not allowed:
            return None
        today = self.store.now().date()
        with self.account(account).read() as tx:
            made = [each for each in tx.proposals() if each.created_at.date() == today]
        spent = sum(use.prompt_tokens + use.completion_tokens for each in made for use in each.usage)
        return lambda asked: "" if spent + asked <= allowed else f"{spent} of {allowed} tokens are spent today"
