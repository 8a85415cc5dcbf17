"""An account whole, as JSON: its settings and every item with its id, so that it can be taken in again as it is.

It says which account and which revision it is of: what is changed in it meanwhile is told from what the plan changed.
"""

import json

from pipeline.exports import Export
from pipeline.records import Account, Plan


def write(account: Account, plan: Plan) -> bytes:
    """The account and its plan; `pipeline.imports.json_plan` reads it back."""
    whole = {
        "account": account.model_dump(mode="json", exclude={"created_at"}),
        "revision": plan.revision,
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "items": [item.model_dump(mode="json") for item in plan.items.values()],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


EXPORT = Export("whole", ".json", write)
