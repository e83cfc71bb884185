"""Turn what a person typed about an import into choices, with all that can't be meant said at once."""

import re
import shlex
from collections.abc import Sequence

from experiments.importing.choices import COLUMNS, ENCODINGS, FORMS, SPLITS, WEIGHTS, Choices, Form
from experiments.importing.decoding import known_encoding
from simulation.scenario.problems import Findings

_TABLE = re.compile(rf"(.+):\s*((?:{'|'.join(COLUMNS)})\s*=.*)", re.DOTALL)
_NEXT = re.compile(rf",(?=\s*(?:{'|'.join(COLUMNS)})\s*=)")


def choices_of(
    *,
    columns: Sequence[str] = (),
    kinds: Sequence[str] = (),
    only: Sequence[str] = (),
    without_types: Sequence[str] = (),
    sheets: Sequence[str] = (),
    networks: Sequence[str] = (),
    weights: str = "",
    form: str | Sequence[str] = (),
    split: str = "",
    encoding: str = "",
    at: str = "",
    drop_dangling: bool = False,
    add_dangling: bool = False,
    merge_same_name: bool = False,
    header: bool = True,
) -> Choices:
    """Return choices; `columns` and `kinds` are texts such as `from=Org A,to=Org B` and `Trust=health`.

    A text of `columns` or `form` may begin with a table's name and a colon: `ties.csv: from=Org A`.

    Raises ProblemError with everything that is wrong.

    >>> dict(choices_of(columns=["from=Org A, to=Org B"]).columns)
    {'from': 'Org A', 'to': 'Org B'}
    """
    findings = Findings()
    general, forms = _forms([form] if isinstance(form, str) else form)
    for key, values, names in (
        ("--weights", [weights], WEIGHTS), ("--form", [general, *forms.values()], FORMS), ("--split", [split], SPLITS),
    ):  # fmt: skip
        for value in values:
            if value and value not in names:
                findings.add("is none of the choices", key=key, value=value, allowed=names, like=names)
    if encoding and not known_encoding(encoding):
        findings.add("is none of the choices", key="--encoding", value=encoding, allowed=ENCODINGS, like=ENCODINGS)
    if drop_dangling and add_dangling:
        findings.add("--drop-dangling and --add-dangling can't both be meant")
    named = [part for text in columns for part in _of_table(text)]
    choices = Choices(
        columns=_pairs(named, "--columns", "from=Column", findings),
        kinds=_pairs(kinds, "--kind", "Type=voluntary", findings),
        only=tuple(only),
        without_types=tuple(without_types),
        sheets=tuple(sheets),
        networks=tuple(networks),
        weights=weights,  # type: ignore[arg-type]
        form=general,
        forms=forms,
        split=split,
        encoding=known_encoding(encoding),
        at=at.strip(),
        drop_dangling=drop_dangling,
        add_dangling=add_dangling,
        merge_same_name=merge_same_name,
        header=header,
    )
    return findings.settle(choices)


def option(name: str, value: str) -> str:
    """Return an option with its value as it is typed in a shell.

    >>> print(option("--columns", "from=Org A,to=Org B"))
    --columns "from=Org A,to=Org B"
    >>> print(option("--kind", 'The "Hub"=none'))
    --kind 'The "Hub"=none'
    """
    return f"{name} {shlex.quote(value)}" if set(value) & set('"$`\\!') else f'{name} "{value}"'


def _of_table(text: str) -> list[str]:
    """Return a text about columns in its parts, each with the name of the table that the text begins with."""
    found = _TABLE.fullmatch(text)
    if found is None or "=" in found[1]:
        return _NEXT.split(text)
    return [f"{found[1].strip()}: {part.strip()}" for part in _NEXT.split(found[2])]


def _forms(texts: Sequence[str]) -> tuple[Form, dict[str, Form]]:
    """Return the form of all tables, and that of each that is named."""
    general, forms = "", {}
    for text in texts:
        table, colon, form = text.rpartition(":")
        if colon:
            forms[table.strip()] = form.strip()
        else:
            general = form.strip()
    return general, forms  # type: ignore[return-value]


def _pairs(texts: Sequence[str], option: str, example: str, findings: Findings) -> dict[str, str]:
    """Return texts of the form A=B as a mapping; the last equals sign counts in a kind, the first in a column."""
    pairs: dict[str, str] = {}
    for text in texts:
        before, sign, after = text.rpartition("=") if option == "--kind" else text.partition("=")
        if not sign:
            findings.add("has no equals sign", key=option, value=text or '""', allowed=example)
        elif before.strip() in pairs:
            findings.add("is given twice", key=option, value=before.strip() or '""')
        else:
            pairs[before.strip()] = after.strip()
    return pairs
