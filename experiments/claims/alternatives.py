"""List the structural alternatives that every claim is run under: choices of the model other than the default ones.

They are those of `experiments.structures`, under which a comparison's headline is repeated too, on the generated place,
and two more: everybody tied to everybody, and the council left out of the sites.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from experiments.patterns.arms import arm
from experiments.structures import NETWORKS, RULES, Choice, under
from simulation.scenario import Scenario


@dataclass(frozen=True)
class Alternative:
    """One choice other than the default: its name, what people call it, and how a scenario is put under it."""

    name: str
    words: str
    change: Callable[[Scenario], Scenario]


def _changed(scenario: Scenario, *, choice: Choice) -> Scenario:
    return under(scenario, choice) or scenario


def _without_council(scenario: Scenario) -> Scenario:
    return scenario.changed(route=scenario.route.model_copy(update={"council": "out"}))


def _alternatives() -> tuple[Alternative, ...]:
    usual = arm().scenario
    complete = Choice("complete", "Relationships", "Everybody tied to everybody", network="complete")
    others = [choice for choice in (*NETWORKS, complete, *RULES) if under(usual, choice) is not None]
    return (
        *(Alternative(choice.name, choice.title, partial(_changed, choice=choice)) for choice in others),
        Alternative("council-out", "The council left out of the sites", _without_council),
    )


ALTERNATIVES = _alternatives()
