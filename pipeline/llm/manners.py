"""What each server takes: how the answer's form is asked for, and which parameters it refuses. Learnt and remembered.

Servers differ: some know no JSON schema, some no JSON mode, some refuse a temperature or the older word for the cap on
an answer. A refusal that names the parameter is a lesson, and the same question is put again without it.
"""

import re
from dataclasses import dataclass, replace
from threading import Lock

from pipeline.llm.endings import Attempt

LADDER = ("json_schema", "json_object", "text")
"""How the form of the answer is asked for: each step down promises less, and is tried when the one above is refused."""

FORM = re.compile(r"response_format|json_schema|json_object|structured|schema|grammar|guided", re.IGNORECASE)
TEMPERATURE = re.compile(r"temperature", re.IGNORECASE)
CAP = re.compile(r"max_tokens|max_completion_tokens", re.IGNORECASE)


@dataclass(frozen=True)
class Manners:
    """How to ask one server. `cap` is its word for the longest answer; both words stand in the API's reference."""

    rung: str = LADDER[0]
    temperature: bool = True
    cap: str = "max_tokens"


_learnt: dict[tuple[str, str], Manners] = {}
_lock = Lock()


def known(url: str, model: str) -> Manners:
    """What was learnt of a server and model so far."""
    return _learnt.get((url, model), Manners())


def forget() -> None:
    """Starts anew with every server, as after it was set up differently."""
    with _lock:
        _learnt.clear()


def learn(url: str, model: str, attempt: Attempt) -> bool:
    """Takes the lesson of a refused attempt. Whether there was one, so that asking again makes sense."""
    if attempt.outcome != "bad_request" or not attempt.said:
        return False
    with _lock:
        now = known(url, model)
        better = _better(now, attempt.said)
        if better == now:
            return False
        _learnt[url, model] = better
        return True


def _better(now: Manners, said: str) -> Manners:
    if now.cap == "max_tokens" and CAP.search(said):
        return replace(now, cap="max_completion_tokens")
    if now.temperature and TEMPERATURE.search(said):
        return replace(now, temperature=False)
    step = LADDER.index(now.rung) + 1
    if step < len(LADDER) and FORM.search(said):
        return replace(now, rung=LADDER[step])
    return now
