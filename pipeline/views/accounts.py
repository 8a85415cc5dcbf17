"""The accounts somebody may read, with what waits in each."""

from pipeline.errors import UnknownAccount
from pipeline.records import Account, Record
from pipeline.store import AccountStore, Store


class AccountRow(Record):
    """One account in a list. `open` counts the changes that wait for a decision."""

    id: str
    name: str
    owner: str
    revision: int
    open: int


def accounts(store: Store, actor: str) -> tuple[AccountRow, ...]:
    """All accounts that `actor` may read, by name."""
    return tuple(_row(store.account(each.id, actor)) for each in store.accounts(actor))


def _row(here: AccountStore) -> AccountRow:
    with here.read() as tx:
        head, waiting = tx.head(), len(tx.pending_changes())
    account = here.account
    return AccountRow(
        id=account.id, name=account.name, owner=account.owner, revision=head.number if head else 0, open=waiting
    )


def find_account(store: Store, actor: str, word: str) -> AccountStore:
    """The account with that id, or the only one with that name whatever its capitals. Raises UnknownAccount."""
    found = [each for each in store.accounts(actor) if word in (each.id, each.name)]
    found = found or [each for each in store.accounts(actor) if each.name.casefold() == word.strip().casefold()]
    if len(found) != 1:
        raise UnknownAccount(word)
    return store.account(found[0].id, actor)


def account_of(store: Store, actor: str, word: str) -> Account:
    """The settings of one account, by id or name. Raises UnknownAccount."""
    return find_account(store, actor, word).account
