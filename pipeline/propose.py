"""Context -> drafts, by the chosen proposer."""

from pipeline.errors import BadSetting
from pipeline.proposers import Proposer, Tools
from pipeline.records import Answer, Context
from pipeline.registry import plugins


def proposer(name: str) -> Proposer:
    """The proposer of that name. Raises BadSetting naming those there are."""
    found = plugins("pipeline.proposers", "PROPOSER")
    if name not in found:
        raise BadSetting(f"there is no proposer {name!r}", f"Choose one of {', '.join(found)}.")
    chosen: Proposer = found[name]
    return chosen


def propose(context: Context, tools: Tools, name: str = "") -> Answer:
    """What the proposer `name` (by default the configured one) drafts from `context`."""
    return proposer(name or tools.settings.chosen_proposer).propose(context, tools)
