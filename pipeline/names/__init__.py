"""How people, departments and products are written, when two ways of writing mean one, and where a text names them.

people.py knows people, terms.py everything else that has a name, mentions.py finds both in a text, letters.py spelling,
marks.py by what an index finds those that may be one.
The .txt files beside them are data: titles, short names, abbreviations, names that are everyday words.
"""

from collections.abc import Mapping

from pipeline.names import marks
from pipeline.names.mentions import How, Mention, NameIndex, find
from pipeline.names.people import same_person
from pipeline.names.terms import same_statement, same_term
from pipeline.records import Json

__all__ = ["How", "Mention", "NameIndex", "find", "marks", "same_person", "same_statement", "same_term", "written"]


def written(values: Mapping[str, Json]) -> tuple[str, ...]:
    """Every way an entry's name is written: its name, then its aliases."""
    return (str(values.get("name") or ""), *(values.get("aliases") or ()))
