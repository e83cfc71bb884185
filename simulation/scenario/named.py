"""Types of fields that must name what is there: parameters, switches, kinds of organisation."""

from typing import Annotated

from pydantic import AfterValidator

from simulation.scenario.checks import kind_problems, number_problems, refuse, switch_problems


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
