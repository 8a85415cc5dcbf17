"""One value, three ways, always in this order: base (what the proposer saw), current (what stands), proposed."""

from typing import Final

from pipeline.records import Json
from pipeline.sections import amended


class Clash:
    """What comes of it when all three differ."""


CLASH: Final = Clash()


def three_way(base: Json, current: Json, proposed: Json, is_set: bool = False) -> Json | Clash:
    """The value that all three come to, or CLASH. None is empty.

    | base | current | proposed | result |
    |---|---|---|---|
    | any | same as proposed | | it is already so |
    | same as current | | | proposed |
    | same as proposed | | | current: nothing was proposed |
    | set | set | set | element by element: what is proposed to come comes, what is proposed to go goes |
    | all differ | | | CLASH |
    """
    if proposed in (current, base):
        return current
    if is_set:
        return amended(current, base, proposed)
    return proposed if current == base else CLASH
