"""Hold a stakeholder map while it may be read another way, and what was chosen about how."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from experiments.importing.asked import choices_of
from experiments.importing.choices import ENCODINGS, LEFT_OUT, Choices
from experiments.importing.questions import Answer, Question
from experiments.importing.selecting import NO_TYPE, Guess
from experiments.importing.tables import Upload
from simulation.scenario.problems import Problem

DANGLING = {"": "Stop and say so", "add": "Take it as an organisation", "drop": "Leave the tie out"}
WEIGHTS = {
    "": "Are not used", "0-1": "From 0 to 1", "0-10": "From 0 to 10", "1-10": "From 1 to 10", "percent": "Percent",
    "largest": "Shares of the largest",
}  # fmt: skip
FORMS = {
    "": "What it looks like", "matrix": "A matrix: who with whom", "edges": "A list of ties",
    "elements": "A list of organisations",
}  # fmt: skip
SPLITS = {
    "": "As it looks like", "comma": "Are apart by commas", "semicolon": "Are apart by semicolons",
    "bar": "Are apart by bars", "slash": "Are apart by slashes", "none": "Are one name",
}  # fmt: skip
OPEN = ""
"""Stands for a question that is not answered yet."""
NAMES = {"": "Two organisations", "merge": "One and the same"}
ENCODED = {"": "As it looks like"} | {name: name for name in ENCODINGS}
MOST_TYPES = 40
GUESSED = ""
"""Stands for what was guessed, where elements of one type were taken for several kinds."""


@dataclass(frozen=True)
class Asked:
    """What a person chose about the reading of a map; blank: guess, and say so."""

    dangling: str = ""
    weights: str = ""
    form: str = ""
    names: str = ""
    columns: str = ""
    networks: str = ""
    """Names of the maps or sheets to take, semicolons between them."""
    sheets: str = ""
    """Names of the sheets, lists or files to read at all, semicolons between them; all where blank."""
    split: str = ""
    encoding: str = ""
    at: str = ""
    """Date of which a map that changes over time is read."""
    tables: dict[str, Answer] = field(default_factory=dict)
    """What tables are that could not be told, by their names."""
    kinds: dict[str, str] = field(default_factory=dict)

    def choices(self) -> Choices:
        """Return it as the import takes it. Raises ProblemError with what can't be meant."""
        columns = [f"{table}: {answer.columns}" for table, answer in self.tables.items() if answer.columns]
        forms = [f"{table}: {answer.form}" for table, answer in self.tables.items() if answer.form]
        found = choices_of(
            columns=[*([self.columns] if self.columns.strip() else []), *columns], weights=self.weights,
            form=[*([self.form] if self.form else []), *forms], split=self.split, sheets=_named(self.sheets),
            drop_dangling=self.dangling == "drop", add_dangling=self.dangling == "add",
            merge_same_name=self.names == "merge", encoding=self.encoding, at=self.at,
            networks=_named(self.networks),
        )  # fmt: skip
        return replace(found, kinds=self.kinds)


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


@dataclass(frozen=True)
class Source:
    """The files of a map, what was chosen, what was made of each type of element, and what has to be asked."""

    uploads: tuple[Upload, ...]
    asked: Asked = Asked()
    guesses: tuple[Guess, ...] = ()
    questions: tuple[Question, ...] = ()

    def changed(self, **changes: Any) -> "Source":
        """Return a copy with other choices."""
        return replace(self, asked=replace(self.asked, **changes))

    def with_kind(self, type_: str, kind: str) -> "Source":
        """Return a copy that takes elements of a type for organisations of a kind, leaves them out, or guesses."""
        name = "" if type_ == NO_TYPE else type_
        others = {other: one for other, one in self.asked.kinds.items() if other != name}
        return self.changed(kinds=others | ({} if kind == GUESSED else {name: kind}))

    def asking(self, problems: Iterable[Problem]) -> "Source":
        """Return a copy with the questions among some problems, after those that were answered."""
        new = [one for one in problems if isinstance(one, Question)]
        named = {one.table for one in new}
        answered = [one for one in self.questions if one.table in self.asked.tables and one.table not in named]
        return replace(self, questions=(*answered, *new))

    def with_answer(self, question: Question, chosen: str) -> "Source":
        """Return a copy in which a question is answered: by the number of an answer, or no more."""
        others = {table: one for table, one in self.asked.tables.items() if table != question.table}
        answer = {} if chosen == OPEN else {question.table: question.answers[int(chosen)]}
        return self.changed(tables=others | answer)

    def types(self) -> dict[str, list[Guess]]:
        """Return what was made of each type; elements of one type may have been taken for several kinds."""
        found: dict[str, list[Guess]] = {}
        for guess in self.guesses:
            found.setdefault(guess.type, []).append(guess)
        return found


def kind_options(titles: dict[str, str]) -> dict[str, str]:
    """Return what a type can be taken for, given the kinds' titles."""
    return titles | {LEFT_OUT: "Left out: no organisation"}
