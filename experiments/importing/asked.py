"""Turn what a person typed about an import into choices, with all that can't be meant said at once."""

import re
from collections.abc import Sequence

from experiments.importing.choices import COLUMNS, ENCODINGS, WEIGHTS, Choices
from simulation.scenario.problems import Findings

FORMS = ("matrix", "edges")
_NEXT = re.compile(rf",(?=\s*(?:{'|'.join(COLUMNS)})\s*=)")


def choices_of(
    *,
    columns: Sequence[str] = (),
    kinds: Sequence[str] = (),
    only: Sequence[str] = (),
    without_types: Sequence[str] = (),
    networks: Sequence[str] = (),
    weights: str = "",
    form: str = "",
    encoding: str = "",
    drop_dangling: bool = False,
    add_dangling: bool = False,
    merge_same_name: bool = False,
    header: bool = True,
) -> Choices:
    """Return choices; `columns` and `kinds` are texts such as `from=Org A,to=Org B` and `Trust=health`.

    Raises ProblemError with everything that is wrong.

    >>> dict(choices_of(columns=["from=Org A, to=Org B"]).columns)
    {'from': 'Org A', 'to': 'Org B'}
    """
    findings = Findings()
    for option, value, names in (("--weights", weights, WEIGHTS), ("--form", form, FORMS)):
        if value and value not in names:
            findings.add("is none of the choices", key=option, value=value, allowed=names, like=names)
    if encoding and encoding.casefold() not in ENCODINGS:
        findings.add("is none of the choices", key="--encoding", value=encoding, allowed=ENCODINGS, like=ENCODINGS)
    if drop_dangling and add_dangling:
        findings.add("--drop-dangling and --add-dangling can't both be meant")
    named = [part for text in columns for part in _NEXT.split(text)]
    choices = Choices(
        columns=_pairs(named, "--columns", "from=Column", findings),
        kinds=_pairs(kinds, "--kind", "Type=voluntary", findings),
        only=tuple(only),
        without_types=tuple(without_types),
        networks=tuple(networks),
        weights=weights,  # type: ignore[arg-type]
        form=form,  # type: ignore[arg-type]
        encoding=encoding.casefold(),
        drop_dangling=drop_dangling,
        add_dangling=add_dangling,
        merge_same_name=merge_same_name,
        header=header,
    )
    return findings.settle(choices)


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
