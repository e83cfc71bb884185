"""Manners, named fields and checks of every frozen value."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from simulation.ablations import WITHOUT
from simulation.parameters import BY_NAME, BY_SYMBOL
from simulation.scenario.errors import Findings, Path_, Problem, ProblemError
from simulation.vocabulary import KIND_IDS


class Frozen(BaseModel):
    """A frozen value object that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)
    NOT_HASHED: ClassVar[dict[str, Any]] = {}
    """Fields that say where the object was found, not what it is; as pydantic's `exclude` takes them."""

    def content_hash(self) -> str:
        """Return a hash of the content, the same for equal content on every machine (64 hexadecimal digits).

        File names, comments and the order of keys do not count.
        """
        content = self.model_dump(mode="json", by_alias=True, exclude=self.NOT_HASHED)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class Extended(Frozen):
    """A value object with fields that came later: without them it is written, and hashed, as before there were such."""

    LATER: ClassVar[tuple[str, ...]] = ()
    """Fields that are written only where they are not as they usually are."""

    @model_serializer(mode="wrap")
    def _as_before(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = handler(self)
        fields = type(self).model_fields
        usual = {name for name in self.LATER if getattr(self, name) == fields[name].default}
        return {name: value for name, value in said.items() if name not in usual}


# Check what a single field can't: names that must be known, numbers that must fit one another.
#
# Each function returns problems; `refuse` raises them together.


def refuse(problems: Iterable[Problem]) -> None:
    """Raise ProblemError where there is any problem."""
    found = list(problems)
    if found:
        raise ProblemError(found)


def number_problems(values: Mapping[str, float]) -> list[Problem]:
    """Return unknown names of parameters, and values outside their hard range."""
    findings = Findings()
    for name, value in values.items():
        if name not in BY_NAME:
            symbol = BY_SYMBOL.get(name)
            findings.add(
                "is a symbol: files use the readable name" if symbol else "is not a known parameter",
                path=(name,),
                value=name,
                allowed="a name that `behaviours list parameters` shows",
                meant=symbol.name if symbol else "",
                like=BY_NAME,
            )
        elif not BY_NAME[name].is_possible(value):
            parameter = BY_NAME[name]
            findings.add(
                "is outside the possible range",
                path=(name,),
                value=f"{value:g}",
                allowed=f"{parameter.hard_low:g} to {parameter.hard_high:g} ({parameter.unit})",
            )
    return findings.problems


def implausible(values: Mapping[str, float]) -> list[str]:
    """Return a sentence for each value outside its parameter's plausible range."""
    return [
        f"{name} = {values[name]:g} lies outside its plausible range, {parameter.low:g} to {parameter.high:g}"
        for name, parameter in BY_NAME.items()
        if name in values and parameter.swept and not parameter.is_plausible(values[name])
    ]


def bound_problems(numbers: Any) -> list[Problem]:
    """Return bounds across parameters that are broken: beyond them a month's update would leave 0-1.

    `numbers` has every parameter as an attribute.
    """
    slip = numbers.slip_back * (1 + numbers.slip_back_rigidity * numbers.rigidity_limit)
    trust = numbers.trust_gain + numbers.trust_decay
    bounds = (
        ("slip_back * (1 + slip_back_rigidity * rigidity_limit)", slip),
        ("trust_gain + trust_decay", trust),
    )
    return [
        Problem(
            "is too large: more would be lost in a month than there is",
            key=text,
            value=f"{value:g}",
            allowed="at most 1",
        )
        for text, value in bounds
        if value > 1
    ]


def kind_problems(kinds: Iterable[tuple[Path_, str]]) -> list[Problem]:
    """Return kinds of organisation that are not in the vocabulary; each kind comes with its path."""
    findings = Findings()
    for path, kind in kinds:
        if kind not in KIND_IDS:
            findings.add("is not a kind of organisation", path=path, value=kind, allowed=KIND_IDS, like=KIND_IDS)
    return findings.problems


def id_problems(ids: Iterable[str]) -> list[Problem]:
    """Return identities that are blank or stand twice; the path is the row's position."""
    findings = Findings()
    first: dict[str, int] = {}
    for row, one in enumerate(ids):
        if not one.strip():
            findings.add("an organisation without an id", path=(row, "id"), allowed="a short text of its own")
        elif one in first:
            findings.add(f"is the id of row {first[one] + 1} too", path=(row, "id"), value=one, allowed="an id once")
        first.setdefault(one, row)
    return findings.problems


def tie_problems(ties: Iterable[tuple[str, str]], ids: Collection[str]) -> list[Problem]:
    """Return ties to nobody, to oneself, or given twice; the path is the row's position.

    An organisation that isn't there is named once, with the number of its ties.
    """
    findings = Findings()
    rows = list(ties)
    known = set(ids)
    first: dict[frozenset[str], int] = {}
    for row, (source, target) in enumerate(rows):
        if source not in known or target not in known:
            continue
        if source == target:
            findings.add("is tied to itself", path=(row, "to"), value=target, allowed="two different organisations")
            continue
        pair = frozenset((source, target))
        if pair in first:
            findings.add(
                f"is the relationship of row {first[pair] + 1} again",
                path=(row, "to"),
                value=f"{source} - {target}",
                allowed="a pair once, in either direction",
            )
        first.setdefault(pair, row)
    return _unknown_ends(rows, known) + findings.problems


def _unknown_ends(rows: list[tuple[str, str]], known: set[str]) -> list[Problem]:
    findings = Findings()
    places: dict[str, list[Path_]] = {}
    for row, tie in enumerate(rows):
        for column, end in zip(("from", "to"), tie, strict=True):
            if end not in known:
                places.setdefault(end.strip(), []).append((row, column))
    allowed = sorted(known)
    for end, paths in places.items():
        message = "is not an organisation of this place" if end else "a relationship with a blank end"
        message += f" (named in {len(paths)} rows, first here)" if len(paths) > 1 else ""
        findings.add(message, path=paths[0], value=end or None, allowed=allowed, like=allowed)
    return findings.problems


def council_problems(council: str | None, ids: Collection[str]) -> list[Problem]:
    """Return the council's id where no organisation has it."""
    if council is None or council in ids:
        return []
    findings = Findings()
    findings.add(
        "is not an organisation of this place",
        path=("council",),
        value=council,
        allowed=sorted(ids),
        like=ids,
    )
    return findings.problems


def range_problems(low: float, high: float) -> list[Problem]:
    """Return a range of starting practice whose ends are the wrong way round."""
    if low <= high:
        return []
    allowed = f"at least practice_low, {low:g}"
    return [Problem("is below the low end of its range", path=("practice_high",), value=f"{high:g}", allowed=allowed)]


def switch_problems(without: Iterable[str]) -> list[Problem]:
    """Return switches that are not known."""
    findings = Findings()
    for row, name in enumerate(without):
        if name not in WITHOUT:
            findings.add(
                "is nothing that can be switched off",
                path=(row,),
                value=name,
                allowed=WITHOUT,
                like=WITHOUT,
            )
    return findings.problems


def _check_numbers(values: dict[str, float]) -> dict[str, float]:
    refuse(number_problems(values))
    return values


def _check_switches(names: tuple[str, ...]) -> tuple[str, ...]:
    refuse(switch_problems(names))
    return names


def _check_kind(kind: str) -> str:
    refuse(kind_problems([((), kind)]))
    return kind


Numbers = Annotated[dict[str, float], AfterValidator(_check_numbers)]
"""Values of parameters by name, each within its hard range."""
Switches = Annotated[tuple[str, ...], AfterValidator(_check_switches)]
"""Names of what `--without` can switch off."""
Kind = Annotated[str, AfterValidator(_check_kind)]
"""A kind of organisation of the vocabulary."""
