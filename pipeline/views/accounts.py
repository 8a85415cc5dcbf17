"""The accounts somebody may read, with what waits in each."""

from pipeline.records import Account, Record
from pipeline.store import AccountStore, Store
from pipeline.views.waiting import waiting


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
        head = tx.head()
        waits = waiting(tx, tx.proposal_outlines("open"))
    account = here.account
    return AccountRow(
        id=account.id,
        name=account.name,
        owner=account.owner,
        revision=head.number if head else 0,
        open=sum(waits.open.values()),
    )


def account_of(store: Store, actor: str, word: str) -> Account:
    """The settings of one account, by id or name. Raises UnknownAccount."""
    return store.account(word, actor).account
