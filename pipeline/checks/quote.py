"""Quote: a change needs words that stand in its own text."""

from collections.abc import Iterator

from pipeline.checks import Case, Check
from pipeline.records import Effect, Finding, Tier


def run(case: Case) -> Iterator[Finding]:
    """Drops a change none of whose quotes is in the text; marks one that also cites words that are not."""
    evidence = case.change.evidence
    if not case.draft.quotes:
        yield Finding(check="quote", effect=Effect.drop, message="It cites no words of the text.")
    elif not any(piece.tier.proof for piece in evidence):
        altered = any(piece.tier is Tier.altered for piece in evidence)
        said = "The text says it in other words; they are shown beside the quote." if altered else "not in the text."
        message = said if altered else f"The quoted words are {said}"
        yield Finding(check="quote", effect=Effect.drop, message=message)
    elif len([piece for piece in evidence if piece.tier.proof]) < len(case.draft.quotes):
        yield Finding(check="quote", effect=Effect.flag, message="Some of the quoted words are not in the text.")


CHECK = Check("quote", 10, run)
