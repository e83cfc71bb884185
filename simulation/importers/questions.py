"""Ask about a table that can't be told: what was found there, and the options that settle it, as they are typed."""

from dataclasses import dataclass, field

from simulation.importers.choices import option
from simulation.importers.columns import contents
from simulation.importers.matrices import is_cell, is_membership
from simulation.importers.tables import Sheet, Table, quoted
from simulation.scenario.errors import Problem


@dataclass(frozen=True)
class Answer:
    """A way to read a table that it can't be told of: in words, and as the text of `--columns` or of `--form`."""

    words: str
    columns: str = ""
    form: str = ""

    @property
    def shown(self) -> str:
        """Return it as a list of choices shows it."""
        return self.words[:1].upper() + self.words[1:]

    def typed(self, table: str) -> str:
        """Return the option to type; `table` is the table's name, blank where there is one alone."""
        name = f"{table}: " if table else ""
        return option("--form", name + self.form) if self.form else option("--columns", name + self.columns)


@dataclass(frozen=True, slots=True)
class Question(Problem):
    """What has to be asked, with the answers to choose among."""

    table: str = ""
    answers: tuple[Answer, ...] = field(default=())


def short_name(part: Sheet | Table) -> str:
    """Return the name by which an option names a table: its sheet's or list's, or its file's."""
    for kind in ("sheet", "list"):
        _, found, name = part.file.rpartition(f", {kind} ")
        if found:
            return name
    return part.file


def question(part: Sheet | Table, table: Table, *, alone: bool) -> Question:
    """Return what to ask about a part that can't be told; `table` is the part under its likeliest column names."""
    headed = isinstance(part, Table) or table.header != tuple(str(at + 1) for at in range(len(table.header)))
    cells = contents(table)
    names = [at for at, column in enumerate(cells) if column.sort in ("names", "prose")] or [
        at for at, column in enumerate(cells) if column.cells
    ]
    texts = [cell for row in table.rows for cell in row.cells[1:] if cell]
    heading = [name if name and headed else str(at + 1) for at, name in enumerate(table.header)]
    answers = [Answer(f"organisations, named by '{heading[at]}'", columns=f"label={heading[at]}") for at in names[:3]]
    pairs = [(names[a], names[b]) for a in range(min(len(names), 3)) for b in range(a + 1, min(len(names), 3))]
    answers += [
        Answer(f"ties between '{heading[a]}' and '{heading[b]}'", columns=f"from={heading[a]},to={heading[b]}")
        for a, b in pairs
    ]
    if len(table.header) > 1 < len(table.rows) and sum(map(is_cell, texts)) >= 0.9 * len(texts):
        answers.append(Answer("a matrix", form="matrix"))
    member = is_membership(table, cells)
    if member is not None:
        text = f"a tie between any two that share a '{heading[member[1]]}'"
        answers.insert(0, Answer(text, form="memberships"))
    if sum(column.sort in ("names", "prose") for column in cells) > 2:
        answers.append(Answer("each row an organisation and all it works with", form="adjacency"))
    if not alone:
        answers.append(Answer("none of these: left out", form="none"))
    name = "" if alone and headed else short_name(part)
    found = quoted(filter(None, heading)) or "none"
    first = next((row for row in table.rows if any(row.cells)), None)
    sample = "" if first is None else f"; its first row: {quoted(cell[:40] for cell in first.cells[:4])}"
    message = f"no columns were recognised, so it can't be told what this table is. Columns found: {found}{sample}"
    typed = " | ".join(f"{answer.words}: {answer.typed(name)}" for answer in answers)
    return Question(message, file=part.file, allowed=typed, table=short_name(part), answers=tuple(answers))
