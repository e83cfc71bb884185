"""Read text with cells apart by commas, semicolons, tabs, bars or blanks: CSV files, edge lists, matrices."""

import csv
import io
import re
from collections import Counter

from experiments.importing.limits import MOST_CELLS, MOST_ROWS
from experiments.importing.tables import Row, Sheet, clean
from simulation.scenario.problems import Findings
from simulation.scenario.tables import unguarded

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LOOKED_AT = 60
_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_COMMENT = re.compile(r"\s*[#%]")


def read_delimited(text: str, findings: Findings, *, file: str) -> list[Sheet]:
    """Return a text's cells as one sheet; none with a problem added where its quotation marks can't be right."""
    separator = _separator(text)
    if separator:
        rows = _parsed(text, separator, findings, file=file)
        if separator != ",":
            findings.note(f"cells are apart by {SEPARATORS[separator]}", file=file)
    else:
        rows = _words(text)
        if any(len(row.cells) > 1 for row in rows or ()):
            findings.note("cells are apart by blanks; lines that begin with # or % were taken as comments", file=file)
    return [] if rows is None else [Sheet(file, "", tuple(row for row in rows if any(row.cells)))]


def _separator(text: str) -> str:
    """Return the separator that gives the first lines most alike more than one cell; "" where none does."""
    lines = [line for line in text.split("\n", LOOKED_AT * 2) if line.strip()][:LOOKED_AT]
    sample = "\n".join(lines)
    best, best_score = "", (0.0, 0)
    for separator in SEPARATORS:
        try:
            counts = Counter(len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=separator) if cells)
        except csv.Error:
            continue
        wide = {count: number for count, number in counts.items() if count > 1}
        if not wide:
            continue
        usual = max(wide, key=lambda count: (wide[count], count))
        score = (round(wide[usual] / counts.total(), 1), usual)
        if score > best_score:
            best, best_score = separator, score
    if best == "|" and best_score[0] < 0.9:
        return ","  # bars join several names in one cell
    if best and best_score[0] < 0.5 and not any(separator in lines[0] for separator in SEPARATORS):
        return ""
    return best or ("" if _has_pairs(lines) else ",")


def _has_pairs(lines: list[str]) -> bool:
    """Tell whether most lines are two to four words: an edge list with blanks between its cells, or a matrix."""
    counts = Counter(len(_WORD.findall(_without_attributes(line))) for line in lines if not _COMMENT.match(line))
    if not counts:
        return False
    usual, number = counts.most_common(1)[0]
    return usual > 1 and number >= 0.9 * counts.total() and (usual <= 4 or number > 2)


def _without_attributes(line: str) -> str:
    """Return a line of networkx's edge lists without the attributes in braces at its end."""
    return line.partition("{")[0] if line.rstrip().endswith("}") else line


def _parsed(text: str, separator: str, findings: Findings, *, file: str) -> list[Row] | None:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True, skipinitialspace=True)
    rows: list[Row] = []
    begins, cells_read = 1, 0
    try:
        for cells in reader:
            rows.append(Row(begins, tuple(unguarded(clean(cell)) for cell in cells)))
            begins = reader.line_num + 1
            cells_read += len(cells)
            if len(rows) > MOST_ROWS or cells_read > MOST_CELLS:
                findings.add("the table is too large", file=file, allowed=f"up to {MOST_ROWS:,} rows")
                return None
    except csv.Error as error:
        message = f"the row that begins here can't be read ({error}): look for a quotation mark too many or too few"
        findings.add(message, file=file, line=begins)
        return None
    return rows


def _words(text: str) -> list[Row]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not _COMMENT.match(line):
            found = _WORD.findall(_without_attributes(line))
            rows.append(Row(number, tuple(clean(quoted or bare) for quoted, bare in found)))
    return rows[:MOST_ROWS]
