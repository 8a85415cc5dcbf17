"""Who may do what with an account. Pure policy; whoever opens the account asks it."""

from enum import StrEnum

from pipeline.errors import NotAllowed
from pipeline.records import Account


class Act(StrEnum):
    """What somebody wants to do."""

    read = "read"
    deliver = "deliver"
    decide = "decide"
    manage = "manage"


def may(actor: str, act: Act, account: Account) -> bool:
    """Owners may do everything, reviewers all but manage; others on this machine may read and deliver."""
    if actor == account.owner:
        return True
    if actor in account.reviewers:
        return act is not Act.manage
    return act in (Act.read, Act.deliver)


def require(actor: str, act: Act, account: Account) -> None:
    """Raises NotAllowed, naming who may."""
    if not may(actor, act, account):
        raise NotAllowed(f"{actor} can't {act} in {account.name}", f"Ask {account.owner}, who owns the account.")
