"""Read organisations.csv: who is in a place."""

from pathlib import Path
from typing import NamedTuple

from simulation.scenario.cells import Cells
from simulation.scenario.checks import id_problems
from simulation.scenario.places import Organisation
from simulation.scenario.problems import Findings
from simulation.scenario.tables import Columns, Row, read_table
from simulation.vocabulary import BEHAVIOUR_IDS, KIND_IDS

COLUMNS = Columns(
    required=("id", "kind"),
    optional=("name", "role", "size", "practice", *BEHAVIOUR_IDS, "threshold", "budget_exposure"),
)
LONGEST_TEXT = 200


class Organisations(NamedTuple):
    """The organisations that could be read, and every id that the file gives."""

    organisations: list[Organisation]
    ids: list[str]


def read_organisations(path: Path, *, scale: str, findings: Findings) -> Organisations | None:
    """Return a file's organisations, with problems added for rows that can't be read; None for a broken file.

    Practice is read on `scale`: in one column `practice`, or nine by behaviour; blank is drawn. A blank size
    is 1, a blank threshold is drawn, a blank exposure is 1.
    """
    rows = read_table(path, COLUMNS, findings)
    if rows is None:
        return None
    file = str(path)
    if not rows:
        findings.add("the table has no organisations", file=file, allowed="a row an organisation")
        return None
    ids = [row.cells["id"] for row in rows]
    for problem in id_problems(ids):
        row = rows[int(problem.path[0])]
        first = ids.index(row.cells["id"])
        message = f"is the id of line {rows[first].line} too" if problem.value else problem.message
        findings.add(
            message,
            file=file,
            line=row.line,
            key="column id",
            value=problem.value or None,
            allowed=problem.allowed,
        )
    organisations = [_organisation(row, scale, findings, file=file) for row in rows]
    return Organisations([one for one in organisations if one is not None], ids)


def _organisation(row: Row, scale: str, findings: Findings, *, file: str) -> Organisation | None:
    before = len(findings.problems)
    cells = Cells(row, findings, file)
    identity = cells.text("id", longest=LONGEST_TEXT)
    kind = cells.choice("kind", KIND_IDS, "is not a kind of organisation")
    size = cells.number("size", low=0, high=1e9, above=True)
    exposure = cells.number("budget_exposure", low=0, high=10)
    values = {
        "name": cells.text("name", longest=LONGEST_TEXT),
        "role": cells.text("role", longest=LONGEST_TEXT),
        "size": 1.0 if size is None else size,
        "practice": _practice(cells, scale),
        "threshold": cells.number("threshold", low=0, high=1, above=True),
        "budget_exposure": 1.0 if exposure is None else exposure,
    }
    if len(findings.problems) > before or not identity or kind is None:
        return None
    return Organisation(id=identity, kind=kind, **values)


def _practice(cells: Cells, scale: str) -> tuple[float, ...] | None:
    """Return practice on 0-1 from one column or nine; None where nothing is given."""
    one = cells.share("practice", scale)
    nine = [cells.share(behaviour, scale) for behaviour in BEHAVIOUR_IDS]
    blank = [name for name in BEHAVIOUR_IDS if not cells.row.cells.get(name)]
    if len(blank) == len(BEHAVIOUR_IDS):
        return None if one is None else (one,) * len(BEHAVIOUR_IDS)
    if one is not None:
        cells.add("stands beside numbers by behaviour", "practice", allowed="one number, or nine by behaviour")
        return None
    if blank:
        cells.add(f"a number for {blank[0]} is missing beside the others", blank[0], allowed="all nine, or none")
        return None
    return tuple(value for value in nine if value is not None)
