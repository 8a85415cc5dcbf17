"""Golden pairs of the sections: one entry as people write it, and what becomes of it.

A case holds `values`, `bad` values that must be refused, and an entry that is the `same` and one that is `other`.
`python -m tests.sections.making` writes the expectations; read the difference before committing it.
"""

import json
from pathlib import Path
from typing import Any

from pipeline.errors import BadValue
from pipeline.sections import Section, section

CASES = Path(__file__).parents[1] / "cases" / "sections"


def cases() -> list[Path]:
    """The inputs: every case file that is not an expectation."""
    return sorted(path for path in CASES.glob("*/*.json") if not path.name.endswith(".expected.json"))


def shown(path: Path) -> dict[str, Any]:
    """What a golden pair compares."""
    case, kind = json.loads(path.read_text(encoding="utf-8")), section(path.parent.name)
    values = _stored(kind, case["values"])
    found: dict[str, Any] = {
        "values": values,
        "label": kind.label(values),
        "names": list(kind.names(values)),
        "lint": list(kind.lint(values)),
        "refused": {name: _refusal(kind, name, value) for name, value in case["bad"].items()},
    }
    for name in ("same", "other"):
        if name in case:
            one = _stored(kind, case[name])
            found[name] = [kind.same(values, one), kind.same(one, values)]
    return found


def _stored(kind: Section, given: dict[str, Any]) -> dict[str, Any]:
    parsed = {name: kind.parse(name, given[name]) for name in kind.fields if name in given}
    return {name: value for name, value in parsed.items() if value is not None}


def _refusal(kind: Section, name: str, value: Any) -> str:
    try:
        kept = kind.parse(name, value)
    except BadValue as refused:
        return f"{refused.message} {refused.advice}"
    return f"taken as {kept!r}"


def main() -> None:
    """Writes all expectations."""
    for path in cases():
        expected = json.dumps(shown(path), ensure_ascii=False, indent=1)
        path.with_suffix(".expected.json").write_text(expected + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
