"""A plan from Markdown: the tables of the template that account teams paste into their wikis."""

import re
from collections.abc import Iterator

from pipeline.errors import BadPlanFile
from pipeline.imports import Ask, Import, Imported
from pipeline.imports._template import Table, imported

RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*")
NUMBERED = re.compile(r"^(?:section\s+)?\d+[.):]?\s*")


def tables(text: str) -> Iterator[Table]:
    """Every pipe table with the heading above it."""
    lines = text.splitlines()
    heading = ""
    at = 0
    while at < len(lines):
        found = HEADING.fullmatch(lines[at])
        if found:
            heading = NUMBERED.sub("", found[2].strip("* "))
        if "|" in lines[at] and at + 1 < len(lines) and RULE.fullmatch(lines[at + 1]):
            first = at
            at += 2
            while at < len(lines) and "|" in lines[at]:
                at += 1
            rows = tuple(cells(line) for line in lines[first + 2 : at])
            yield Table(heading, cells(lines[first]), rows, "line", first + 3)
        else:
            at += 1


def cells(line: str) -> tuple[str, ...]:
    """The cells of a table's line; an escaped bar is a part of one."""
    parts = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return tuple(ESCAPED.sub(r"\1", re.sub(r"(?<!\\)(?:\*\*|__|`)", "", part)).strip() for part in parts)


def sniff(data: bytes, filename: str) -> bool:
    """Whether it is Markdown with a table."""
    if not filename.lower().endswith((".md", ".markdown")) and b"|" not in data[:4000]:
        return False
    text = data.decode("utf-8", "replace")
    return next(tables(text), None) is not None and "\x00" not in text


def read(data: bytes, filename: str, ask: Ask) -> Imported:
    """The tables of a Markdown file. Raises BadPlanFile when none of them is of a plan."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadPlanFile(f"{filename} is not UTF-8 text") from None
    title = next((found[2].strip("* ") for line in text.splitlines() if (found := HEADING.fullmatch(line))), "")
    return imported(list(tables(text)), filename, ask, title)


IMPORT = Import(name="markdown", suffixes=(".md", ".markdown"), sniff=sniff, read=read)
