"""HTML to lines, in time that grows with the length only, however deep tags are nested.

Block elements end a line, cells are set apart by tabs, what no reader sees (scripts, hidden elements, the machine part
of inline XBRL) is left out and counted. White space is folded the way a browser folds it; words are never rewritten.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.formats._lines import Losses, word_set
from pipeline.formats._tags import BEGIN, BOTH, WORDS, attributes, tokens, words_of

BLOCKS = word_set(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section summary tbody tfoot "
    "thead ul"
)
VOID = word_set("area base br col embed hr img input link meta param source track wbr")
DROPPED = {
    "script": "scripts",
    "style": "style sheets",
    "template": "templates",
    "noscript": "text for browsers without scripts",
    "iframe": "embedded pages",
    "object": "embedded objects",
    "svg": "drawings",
    "math": "formulas",
    "select": "form fields",
    "textarea": "form fields",
    "button": "form fields",
    "ix:header": "inline XBRL header",
    "ix:hidden": "inline XBRL header",
}
# An element that a new block closes although its end tag is missing.
IMPLIED_END = word_set("p li dt dd option tr td th")
HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:[;!\"']|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:[;!\"']|$)|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")
DEEPEST_TABLE = 12
"""Tables nested deeper than this are read as plain blocks."""
LONG_CELL = 400


@dataclass
class Block:
    """One line of a page: its words, the heading level (0: none), and how deep it is quoted."""

    words: str
    level: int = 0
    quoted: int = 0
    item: bool = False


@dataclass
class Page:
    """What a page says: title, blocks, facts tagged by inline XBRL (first value of each name)."""

    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class _Table:
    """A table being read: rows of cells of blocks."""

    rows: list[list[list[Block]]] = field(default_factory=list)
    spanned: bool = False


def page(text: str, losses: Losses, facts: bool = False) -> Page:
    """Reads an HTML page. With `facts`, values of inline XBRL tags named dei:… are collected, hidden ones too."""
    reader = _Reader(losses, facts)
    for kind, name, rest in tokens(text):
        if kind == WORDS:
            reader.words(rest)
        elif kind == BEGIN:
            reader.begin(name, rest)
        elif kind == BOTH:
            reader.both(name, rest)
        else:
            reader.end(name)
    return reader.finish()


class _Reader:
    """Builds the page from tags and words; what is hidden is counted, not read."""

    def __init__(self, losses: Losses, facts: bool) -> None:
        self.losses, self.want_facts = losses, facts
        self.page = Page()
        self.parts: list[str] = []
        self.tables: list[_Table] = []
        self.flat_tables = 0
        self.level = self.quoted = self.pre = 0
        self.bullet = False
        self.title_parts: list[str] | None = None
        self.hiding: str | None = None
        self.hidden_as = ""
        self.hidden_depth = 0
        self.hidden_parts: list[str] = []
        self.hidden_length = 0
        self.fact: str | None = None
        self.fact_parts: list[str] = []

    # One call for each token.
    def begin(self, tag: str, written: str) -> None:
        """An element begins; `written` are its attributes."""
        if self.want_facts and tag.startswith("ix:non"):
            self._begin_fact(written)
        if self.hiding is not None:
            self.hidden_as = DROPPED[tag] if tag in {"ix:header", "ix:hidden"} else self.hidden_as
            if not (self.hiding in IMPLIED_END and (tag in BLOCKS or tag == self.hiding)):
                self.hidden_depth += tag == self.hiding and tag not in VOID
                return
            self._show()
        if tag in DROPPED or (written and _hidden(written)):
            self._hide(tag)
        elif action := STARTS.get(tag):
            action(self, written)
        elif tag in BLOCKS:
            self._end_block()
            self.quoted += tag == "blockquote"

    def both(self, tag: str, written: str) -> None:
        """An element that holds nothing, <br/>; in HTML most of them begin all the same, but mean nothing more."""
        if tag in {"br", "hr", "img"} or (tag in BLOCKS and tag != "blockquote"):
            self.begin(tag, written)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.fact is not None and tag.startswith("ix:non"):
            self._end_fact()
        if self.hiding is not None:
            if tag == self.hiding:
                self.hidden_depth -= 1
                if self.hidden_depth == 0:
                    self._show()
            return
        if action := ENDS.get(tag):
            action(self)
        elif tag in BLOCKS:
            self._end_block()
            if tag == "blockquote" and self.quoted:
                self.quoted -= 1

    def words(self, written: str) -> None:
        """Words between tags."""
        if self.fact is not None:
            self.fact_parts.append(written)
        if self.hiding is not None:
            if self.hidden_length < 400:
                self.hidden_parts.append(written[:400])
            self.hidden_length += len(written.strip())
        elif self.title_parts is not None:
            self.title_parts.append(written)
        elif self.pre and "\n" in written:
            lines = written.split("\n")
            for line in lines[:-1]:
                self.parts.append(line)
                self._end_block(keep_empty=True)
            self.parts.append(lines[-1])
        else:
            self.parts.append(written)

    # Hidden elements.
    def _hide(self, tag: str) -> None:
        if tag in VOID:
            return
        self.hiding, self.hidden_depth = tag, 1
        self.hidden_as = DROPPED.get(tag, "hidden text")
        self.hidden_parts, self.hidden_length = [], 0

    def _show(self) -> None:
        sample = " ".join(words_of("".join(self.hidden_parts)).split())
        if self.hidden_length:
            self.losses.add(self.hidden_as, sample)
        self.hiding = None

    # Facts of inline XBRL.
    def _begin_fact(self, written: str) -> None:
        name = attributes(written).get("name") or ""
        if self.fact is None and name.startswith("dei:") and name not in self.page.facts:
            self.fact, self.fact_parts = name, []

    def _end_fact(self) -> None:
        words = " ".join(words_of("".join(self.fact_parts)).split())
        if self.fact and words:
            self.page.facts[self.fact] = words[:300]
        self.fact = None

    # Lines.
    def _end_block(self, keep_empty: bool = False) -> None:
        if self.parts:
            joined = words_of("".join(self.parts))
            self.parts = []
            words = joined.rstrip() if self.pre else SPACE.sub(" ", joined).strip()
        else:
            words = ""
        if words or keep_empty:
            self._put(Block(words, self.level, self.quoted, self.bullet))
            self.bullet = False

    def _put(self, block: Block) -> None:
        if self.tables:
            rows = self.tables[-1].rows
            if not rows:
                rows.append([])
            if not rows[-1]:
                rows[-1].append([])
            rows[-1][-1].append(block)
        else:
            self.page.blocks.append(block)

    # Tags that do more than end a line.
    def start_line(self, _: str) -> None:
        self._end_block(keep_empty=bool(self.pre))

    def start_heading(self, _: str) -> None:
        self._end_block()
        self.level = 1

    def end_heading(self) -> None:
        self._end_block()
        self.level = 0

    def start_item(self, _: str) -> None:
        self._end_block()
        self.bullet = True

    def start_pre(self, _: str) -> None:
        self._end_block()
        self.pre += 1

    def end_pre(self) -> None:
        self._end_block()
        self.pre = max(0, self.pre - 1)

    def start_title(self, _: str) -> None:
        self.title_parts = []

    def end_title(self) -> None:
        words = " ".join(words_of("".join(self.title_parts or [])).split())
        self.page.title = self.page.title or words or None
        self.title_parts = None

    def start_image(self, written: str) -> None:
        about = attributes(written)
        self.losses.add("images", about.get("alt") or about.get("src") or "")

    def start_table(self, _: str) -> None:
        self._end_block()
        if len(self.tables) < DEEPEST_TABLE:
            self.tables.append(_Table())
        else:
            self.flat_tables += 1

    def end_table(self) -> None:
        self._end_block()
        if self.flat_tables:
            self.flat_tables -= 1
        elif self.tables:
            for block in _laid_out(self.tables.pop()):
                self._put(block)

    def start_row(self, _: str) -> None:
        self._end_block()
        if self.tables and not self.flat_tables:
            self.tables[-1].rows.append([])

    def start_cell(self, written: str) -> None:
        self._end_block()
        if self.tables and not self.flat_tables:
            table = self.tables[-1]
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append([])
            table.spanned = table.spanned or (
                "colspan" in written.lower() and attributes(written).get("colspan") not in {None, "", "1"}
            )

    def finish(self) -> Page:
        if self.hiding is not None:
            self._show()
        if self.title_parts is not None:
            self.end_title()
        self._end_block()
        self.flat_tables = 0
        while self.tables:
            self.end_table()
        return self.page


STARTS: dict[str, Callable[[_Reader, str], None]] = {
    "br": _Reader.start_line,
    "title": _Reader.start_title,
    "img": _Reader.start_image,
    "table": _Reader.start_table,
    "tr": _Reader.start_row,
    "td": _Reader.start_cell,
    "th": _Reader.start_cell,
    "li": _Reader.start_item,
    "pre": _Reader.start_pre,
    **{f"h{level}": _Reader.start_heading for level in range(1, 7)},
}
ENDS: dict[str, Callable[[_Reader], None]] = {
    "title": _Reader.end_title,
    "table": _Reader.end_table,
    "pre": _Reader.end_pre,
    **{f"h{level}": _Reader.end_heading for level in range(1, 7)},
}


def _hidden(written: str) -> bool:
    """Whether the attributes of a tag keep it from being seen."""
    if HIDDEN_STYLE.search(written) is None and "hidden" not in written.lower():
        return False
    about = attributes(written)
    style = about.get("style")
    return "hidden" in about or about.get("aria-hidden") == "true" or bool(style and HIDDEN_STYLE.search(style))


def _laid_out(table: _Table) -> list[Block]:
    """The lines of a table: a row on one line, cells apart by tabs; rows of long cells as the lines they hold."""
    rows = [row for row in table.rows if any(row)]
    regular = not table.spanned and len({len(row) for row in rows}) == 1
    kept = [n for n in range(len(rows[0])) if any(row[n] for row in rows)] if regular and rows else []
    lines: list[Block] = []
    for row in rows:
        cells = [row[n] for n in kept] if kept else [cell for cell in row if cell]
        if any(len(cell) > 4 or sum(len(block.words) for block in cell) > LONG_CELL for cell in cells):
            lines.extend(_long_row(cells))
        else:
            words = "\t".join(" ".join(block.words for block in cell) for cell in cells).rstrip("\t")
            first = next(cell[0] for cell in cells if cell)
            lines.append(Block(words, 0, first.quoted))
    return lines


def _long_row(cells: list[list[Block]]) -> list[Block]:
    """A cell that holds paragraphs keeps them; a short one before it (a bullet, a label) leads its first line."""
    lines: list[Block] = []
    lead = ""
    for cell in cells:
        if len(cell) == 1 and len(cell[0].words) <= LONG_CELL and cell is not cells[-1]:
            lead += cell[0].words + "\t"
            continue
        for block in cell:
            lines.append(Block(lead + block.words, block.level if not lead else 0, block.quoted, block.item))
            lead = ""
    if lead:
        lines.append(Block(lead.rstrip("\t")))
    return lines
