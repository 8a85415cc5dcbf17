"""The store: the only home of the database and of the vector index.

`open_store(settings)` gives a Store; `store.account(id, actor)` one account; `with account.write() as tx:` (or
`read()`) a transaction, on which everything else hangs. Importing this loads no database library; opening does.
"""

from pipeline.store.doors import AccountStore, Store, Unsorted, both, open_store
from pipeline.store.values import (
    Alike,
    Blame,
    Delta,
    DeltaLike,
    Difference,
    Erased,
    Filters,
    Hit,
    Job,
    Pending,
    ProposalOutline,
    Refusal,
    SourceOutline,
    Support,
    Verified,
    called,
    says,
)

__all__ = [
    "AccountStore",
    "Alike",
    "Blame",
    "Delta",
    "DeltaLike",
    "Difference",
    "Erased",
    "Filters",
    "Hit",
    "Job",
    "Pending",
    "ProposalOutline",
    "Refusal",
    "SourceOutline",
    "Store",
    "Support",
    "Unsorted",
    "Verified",
    "both",
    "called",
    "open_store",
    "says",
]
