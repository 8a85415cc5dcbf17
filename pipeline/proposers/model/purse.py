"""What one proposal may take: its parts ask side by side, and together they stay within budget and number of calls."""

import threading
from collections.abc import Sequence

from pipeline.llm import Budget
from pipeline.records import Usage


class Purse:
    """Tokens and calls of one proposal. `calls` is how many there may be, None for any number."""

    def __init__(self, budget: Budget | None, calls: int | None = None) -> None:
        self._budget = budget
        self._calls = calls
        self._lock = threading.Lock()
        self._taken = 0

    def take(self, calls: int = 1) -> bool:
        """Takes that many calls, or none of them when there are fewer left."""
        with self._lock:
            if self._calls is not None and self._calls < calls:
                return False
            if self._calls is not None:
                self._calls -= calls
            return True

    def call(self) -> "Till":
        """The budget of one call, which knows what the others of the proposal take."""
        return Till(self)

    def reserve(self, before: int, asked: int) -> str:
        """Holds `asked` tokens instead of the `before` ones held; a sentence when the budget does not have them."""
        with self._lock:
            refused = self._budget(self._taken - before + asked) if self._budget else ""
            if not refused:
                self._taken += asked - before
            return refused

    def settle(self, held: int, spent: int) -> None:
        """What a call that held `held` tokens has really taken."""
        with self._lock:
            self._taken += spent - held


class Till:
    """A Budget for one call: asked before each attempt, told in the end what was spent."""

    def __init__(self, purse: Purse) -> None:
        self._purse = purse
        self._held = 0

    def __call__(self, asked: int) -> str:
        """As Budget."""
        refused = self._purse.reserve(self._held, asked)
        self._held = self._held if refused else asked
        return refused

    def settle(self, usage: Sequence[Usage]) -> None:
        """Gives back what was held beyond the attempts' tokens."""
        self._purse.settle(self._held, sum(each.prompt_tokens + each.completion_tokens for each in usage))
        self._held = 0
