"""A run for people: Markdown for a terminal or a pull request, HTML for a browser, and two runs side by side."""

import html
from collections.abc import Mapping
from math import comb
from typing import Any

Summary = Mapping[str, Any]


def markdown(summary: Summary, against: Summary | None = None) -> str:
    """The measures as a table, then section by section and case by case; `against` adds an earlier run's column."""
    lines = [f"# {summary['proposer']}: {len(summary['cases'])} cases", ""]
    lines += ["| measure | value | 95 % | of |" + (" before |" if against else "")]
    lines += ["|---|---|---|---|" + ("---|" if against else "")]
    lines += [_row(name, each, against) for name, each in summary["measures"].items()]
    if against:
        lines += ["", compared(summary, against)]
    lines += ["", "| section | F1 | right | asked | proposed |", "|---|---|---|---|---|"]
    for name, each in summary["sections"].items():
        lines.append(f"| {name} | {each['f1']:.2f} | {each['right']} | {each['asked']} | {each['proposed']} |")
    lines += ["", "| case | right | asked | extra | traps |", "|---|---|---|---|---|"]
    for name, case in summary["cases"].items():
        lines.append(f"| {name} | {case['right']} | {case['asked']} | {case['extra']} | {len(case['traps'])} |")
    trapped = [f"- {name}: {trap}" for name, case in summary["cases"].items() for trap in case["traps"]]
    return "\n".join([*lines, *(["", "Traps stepped into:", *trapped] if trapped else []), ""])


def _row(name: str, each: Mapping[str, Any], against: Summary | None) -> str:
    interval = "" if each["low"] is None else f"{each['low']:.2f} to {each['high']:.2f}"
    before = (against or {}).get("measures", {}).get(name)
    tail = (f" {before['value']:.3f} |" if before else " |") if against else ""
    return f"| {name} | {each['value']:.3f} | {interval} | {each['count']} |{tail}"


def compared(summary: Summary, against: Summary) -> str:
    """Whether this run is better than the other, case by case: an exact sign test over cases that differ."""
    both = [name for name in summary["cases"] if name in against["cases"]]
    better = sum(_score(summary["cases"][name]) > _score(against["cases"][name]) for name in both)
    poorer = sum(_score(summary["cases"][name]) < _score(against["cases"][name]) for name in both)
    return f"Of {len(both)} cases {better} better, {poorer} worse (sign test p = {sign_test(better, poorer):.3f})."


def _score(case: Mapping[str, Any]) -> float:
    return float(case["right"]) - 0.5 * float(case["extra"]) - float(len(case["traps"]))


def sign_test(better: int, poorer: int) -> float:
    """Two-sided exact probability of so uneven a split by chance."""
    count = better + poorer
    tail = sum(comb(count, k) for k in range(min(better, poorer) + 1)) / float(2**count)
    return min(1.0, 2.0 * tail)


def page(summary: Summary, against: Summary | None = None) -> str:
    """The same as one HTML page without outside resources."""
    rows = "".join(
        f"<tr><th>{html.escape(name)}<td>{each['value']:.3f}<td>{_bar(each)}<td>{each['count']}"
        for name, each in summary["measures"].items()
    )
    sections = "".join(
        f"<tr><th>{html.escape(name)}<td>{each['f1']:.2f}<td>{each['right']}<td>{each['asked']}<td>{each['proposed']}"
        for name, each in summary["sections"].items()
    )
    cases = "".join(
        f"<tr><th>{html.escape(name)}<td>{case['right']}<td>{case['asked']}<td>{case['extra']}"
        f"<td>{html.escape('; '.join(case['traps']))}"
        for name, case in summary["cases"].items()
    )
    beside = f"<p>{html.escape(compared(summary, against))}</p>" if against else ""
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(summary['proposer'])}</title>"
        f"<style>{STYLE}</style><h1>{html.escape(summary['proposer'])}: {len(summary['cases'])} cases</h1>{beside}"
        f"<table><tr><th>measure<th>value<th>95 %<th>of{rows}</table>"
        f"<table><tr><th>section<th>F1<th>right<th>asked<th>proposed{sections}</table>"
        f"<table><tr><th>case<th>right<th>asked<th>extra<th>traps{cases}</table>"
    )


def _bar(each: Mapping[str, Any]) -> str:
    """The interval as a small picture, for measures between 0 and 1."""
    if each["low"] is None:
        return ""
    left, width = 100 * each["low"], max(1.0, 100 * (each["high"] - each["low"]))
    return (
        f'<svg width=104 height=12 role=img aria-label="{each["low"]:.2f} to {each["high"]:.2f}">'
        f"<rect x={2 + left:.0f} y=3 width={width:.0f} height=6 rx=3 /></svg>"
    )


STYLE = (
    "body{font:15px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "td,th{padding:.25rem .7rem;text-align:left;border-bottom:1px solid #8884}"
    ":root{color-scheme:light dark}rect{fill:#38a}"
)
