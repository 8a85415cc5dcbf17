"""Journey: where the customer stands on its own way to a decision."""

from pipeline.sections import Entry, Section, Text


class Journey(Entry):
    """The buyer's stage; one per plan."""

    stage: Text | None = None
    detail: Text | None = None
    next_step: Text | None = None


SECTION = Section(
    name="journey",
    model=Journey,
    title="Buyer's journey",
    guidance="The stage of the customer's own way to a decision, and the step it takes next.",
    key=("stage",),
    prefix="jrn",
    order=95,
    single=True,
)
