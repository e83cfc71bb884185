"""Read what a plan varies: each factor as the plan gives it, tried at its ends in every scenario."""

import json
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from experiments.design import NEEDS_VALUES, Row
from experiments.factors import PARTS, Factor, Value, applied, canonical, find_field
from experiments.sweep_work import Arm
from simulation.parameters import BY_NAME
from simulation.scenario.base import Frozen
from simulation.scenario.checks import implausible
from simulation.scenario.find import find
from simulation.scenario.numbers import number_from, range_from
from simulation.scenario.parts import read_pressure, read_route
from simulation.scenario.place_folder import read_place
from simulation.scenario.problems import Findings, ProblemError
from simulation.scenario.toml import Document
from simulation.scenario.validation import validated

MOST_TRIED = 100
PLAUSIBLE = "plausible"
_READ: Any = {
    "route": ("routes", read_route),
    "pressure": ("pressures", read_pressure),
    "place": ("places", read_place),
}


class Range(Frozen):
    """A factor's range as a plan gives it; `steps` cuts it into values where the design needs them."""

    low: float
    high: float
    steps: int | None = Field(None, ge=1, le=1_000_000)
    scale: Literal["linear", "log"] = "linear"


def read_factor(
    name: str, spec: Any, design: Any, arms: Sequence[Arm], document: Document, findings: Findings
) -> Factor | None:
    """Return a factor as the plan gives it, tried at its ends in every arm, or None with problems added."""
    path = ("factors", name)
    where: dict[str, Any] = {"file": document.file, "line": document.line(path), "path": path}
    key = canonical(name)
    kinds = {find_field(arm.what, key, findings, **where) for arm in arms[:1] if not findings.problems}
    kinds |= {find_field(arm.what, key, findings, **where) for arm in arms[1:] if not findings.problems}
    if None in kinds or not kinds:
        return None
    factor = _given(key, spec, kinds, document, findings, path, where)
    if factor is None:
        return None
    if not factor.values and not kinds & {int, float}:
        findings.add("is not a number: give a list of values", value=name, **where)
        return None
    if isinstance(design, NEEDS_VALUES) and not factor.values and factor.steps is None:
        allowed = "a list of values, or a range with steps"
        findings.add(f"a design {design.type} needs values", allowed=allowed, **where)
        return None
    factor = _with_parts(factor, document, findings, where)
    if factor is not None:
        _try(factor, _ends(factor), arms, findings, where)
    return factor


def _given(
    key: str,
    spec: Any,
    kinds: set[Any],
    document: Document,
    findings: Findings,
    path: tuple[str, str],
    where: dict[str, Any],
) -> Factor | None:
    whole = int in kinds
    if isinstance(spec, str) and (ends := range_from(spec)) is not None:
        spec = {"low": ends[0], "high": ends[1]}
    if spec == PLAUSIBLE:
        parameter = BY_NAME.get(key)
        if parameter is None or parameter.low is None or parameter.high is None:
            findings.add(
                "has no plausible range", value=path[1], allowed="a range { low = ..., high = ... }, or a list", **where
            )
            return None
        return Factor(name=key, low=parameter.low, high=parameter.high)
    if isinstance(spec, list):
        wrong = [value for value in spec if not isinstance(value, bool | int | float | str)]
        if wrong or not spec:
            findings.add("is no list of values", value=path[1], allowed="numbers, texts, true or false", **where)
            return None
        if len({json.dumps(value) for value in spec}) < len(spec):
            findings.add("holds a value twice", value=path[1], **where)
            return None
        for value in spec:
            said = _misfit(value, kinds)
            if said is not None:
                findings.add(said[0], value=value, allowed=said[1], **where)
                return None
        return Factor(name=key, values=tuple(spec))
    if not isinstance(spec, dict):
        allowed = '[1, 2, 3], { low = 0, high = 1 }, or "plausible"'
        findings.add("is neither a list of values nor a range", value=spec, allowed=allowed, **where)
        return None
    span = validated(Range, spec, document, findings, path=path)
    if span is None:
        return None
    if not span.low < span.high:
        findings.add("has an end that is not above its start", value=f"{span.low:g} to {span.high:g}", **where)
    elif span.scale == "log" and span.low <= 0:
        findings.add("is the start of a logarithmic range", value=f"{span.low:g}", allowed="above 0", **where)
    elif whole and not (span.low.is_integer() and span.high.is_integer()):
        findings.add("has ends that are not whole numbers", value=f"{span.low:g} to {span.high:g}", **where)
    else:
        return Factor(name=key, whole=whole, **span.model_dump())
    return None


def _misfit(value: Value, kinds: set[Any]) -> tuple[str, str] | None:
    """Return what is wrong with a value of a list for a field that holds these kinds, and what is allowed."""
    if isinstance(value, float) and not isfinite(value):
        return "is no number to run with", "a finite number"
    if kinds & {int, float} and (isinstance(value, bool) or not isinstance(value, int | float)):
        said = number_from(value) if isinstance(value, str) else "is not a number"
        return said if isinstance(said, str) else "is a text and not a number", "a number"
    if bool in kinds and not isinstance(value, bool):
        return "is neither true nor false", "true, false"
    return None


def check_together(
    factors: Sequence[Factor],
    rows: Sequence[Row] | None,
    arms: Sequence[Arm],
    document: Document,
    findings: Findings,
) -> None:
    """Refuse a factor within a part that one of the parts named by another factor does not have.

    `rows` are a table's: of these only what stands together is looked at; else all values meet.
    """
    for k, part in enumerate(factors):
        for j, inner in enumerate(factors):
            if part.name not in PARTS or not inner.name.startswith(f"{part.name}."):
                continue
            met = part.values if rows is None else {row[k] for row in rows if None not in (row[k], row[j])}
            lacking = [str(value) for value in part.values if value in met and not _has(part, value, inner, arms)]
            if lacking:
                message = f"is a factor, and the {part.name} {lacking[0]} has nothing of that name"
                allowed = f"leave it out, or leave {', '.join(lacking)} out of the factor {part.name}"
                line = document.line(("factors", inner.name))
                findings.add(message, file=document.file, line=line, key="factors", value=inner.name, allowed=allowed)


def _has(part: Factor, value: Value, inner: Factor, arms: Sequence[Arm]) -> bool:
    """Tell whether every scenario has a factor's field when another factor gives it a part."""
    return all(find_field(applied(arm.what, [part], [value]), inner.name, Findings()) is not None for arm in arms)


def _with_parts(factor: Factor, document: Document, findings: Findings, where: dict[str, Any]) -> Factor | None:
    """Return the factor holding the parts that its values name."""
    if factor.name not in PARTS:
        return factor
    kind, read = _READ[factor.name]
    parts: dict[str, Any] = {}
    for value in dict.fromkeys(map(str, factor.values)):
        found = find(
            kind,
            value,
            findings,
            base=Path(document.file).parent,
            file=document.file,
            key=where.get("key", factor.name),
        )
        part = read(found, findings) if found is not None else None
        if part is None:
            return None
        parts[value] = part
    return factor.model_copy(update={kind: parts})


def _ends(factor: Factor) -> tuple[Value, ...]:
    """Return the values to try: a range's ends, a long list's smallest and largest number, or all."""
    if not factor.values:
        return factor.at(0.0), factor.at(1.0)
    numbers = [value for value in factor.values if isinstance(value, int | float)]
    many = len(factor.values) > MOST_TRIED and len(numbers) == len(factor.values)
    return (min(numbers), max(numbers)) if many else factor.values


def _try(
    factor: Factor, values: Sequence[Value], arms: Sequence[Arm], findings: Findings, where: dict[str, Any]
) -> None:
    """Add what is wrong with a factor's values, each tried alone in every arm; note what is implausible."""
    for value in values:
        for arm in arms:
            try:
                applied(arm.what, [factor], [value])
            except (ProblemError, TypeError, ValueError, OverflowError) as error:
                problems = error.problems if isinstance(error, ProblemError) else ()
                first = problems[0] if problems else None
                allowed = first.allowed if first else "a number"
                findings.add(first.message if first else "can't stand here", value=value, allowed=allowed, **where)
                return
        if factor.name in BY_NAME:
            for text in implausible({factor.name: float(value)}):
                findings.note(text, file=where["file"], line=where["line"])
