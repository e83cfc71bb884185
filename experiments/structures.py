"""Other structures and pressures, and what repeats under them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from experiments.arms import arm
from simulation.scenario import PlaceFile, Scenario, Structure, available, load_place
from simulation.scenario.place import Generated, Network

GENERATED = "generated"
STEEPNESS = "contagion_steepness"


@dataclass(frozen=True)
class Choice:
    """One other structure: what it sets, and what people call it."""

    name: str
    group: str
    title: str
    structure: dict[str, str] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    profile: str | None = None
    network: str | None = None
    """Kind of network, of a generated place."""
    place: str | None = None
    """Ready place whose organisations and relationships take the place of the scenario's own."""

    def moves(self, scenario: Scenario) -> bool:
        """Tell whether the scenario's own place can't be put under this choice, so that another one stands in."""
        return self.place is not None or (self.network is not None and scenario.place.from_file)


NETWORKS = (
    Choice("small-world", "Relationships", "Small-world network", network="small-world"),
    Choice("random", "Relationships", "Random network", network="random"),
    Choice("scale-free", "Relationships", "Scale-free network", network="scale-free"),
    Choice("clustered", "Relationships", "Clustered network", network="clustered"),
)
RULES = (
    Choice("simple-contagion", "Contagion", "Simple contagion (steepness 1)", {"influence": "hill"},
           {STEEPNESS: 1.0}),
    Choice("proportional-contagion", "Contagion", "Simple contagion (in proportion)", {"influence": "linear"}),
    Choice("complex-contagion", "Contagion", "Complex contagion (steepness 4)", {"influence": "hill"},
           {STEEPNESS: 4.0}),
    Choice("steep-contagion", "Contagion", "Steeper contagion (steepness 8)", {"influence": "hill"},
           {STEEPNESS: 8.0}),
    Choice("threshold-contagion", "Contagion", "All-or-nothing contagion", {"influence": "threshold"}),
    Choice("synchronous", "Order of change", "All organisations at once", {"update": "synchronous"}),
    Choice("asynchronous", "Order of change", "One organisation after another", {"update": "asynchronous"}),
    Choice("normal-noise", "Noise", "Normal noise", {"noise": "normal"}),
    Choice("heavy-tailed-noise", "Noise", "Noise with heavier tails", {"noise": "heavy-tailed"}),
    Choice("no-noise", "Noise", "No noise", {"noise": "none"}),
    Choice("split-speed", "Speed limit", "Peers by trust, partner by maturity", {"speed_limit": "split"}),
    Choice("maturity-speed", "Speed limit", "Maturity limits both", {"speed_limit": "maturity"}),
    Choice("local-speed", "Speed limit", "Neighbours’ trust limits both", {"speed_limit": "local"}),
    Choice("convening-at-sites", "Convening", "Convening on sites and place", {"convening": "sites"}),
    Choice("convening-neighbours", "Convening", "Convening reaches neighbours", {"convening": "neighbours"}),
    Choice("convening-assembly", "Convening", "Whole-place assemblies", {"convening": "assembly"}),
    Choice("rationing-off", "Rationing", "No need turned away", {"rationing": "off"}),
    Choice("rationing-on", "Rationing", "Need turned away under pressure", {"rationing": "on"}),
    Choice("full-profile", "Size of the model", "Full model", profile="full"),
    Choice("lean-profile", "Size of the model", "Lean model (eight terms off)", profile="lean"),
)  # fmt: skip


def choices() -> tuple[Choice, ...]:
    """Return every choice in reading order: networks, the ready places' own relationships, then rules."""
    return (*NETWORKS, *_tables(), *RULES)


def under(scenario: Scenario, choice: Choice) -> Scenario | None:
    """Return a scenario under a choice, without title, or None where that is the scenario itself.

    Raises ProblemError where the two do not fit together.
    """
    changed = scenario.changed(
        title="",
        description="",
        place=_place(scenario.place, choice),
        structure=Structure(**(scenario.structure.model_dump() | choice.structure)),
        settings=scenario.settings | choice.settings,
        profile=choice.profile or scenario.profile,
    )
    return None if _same(changed, scenario) else changed


def plain(scenario: Scenario) -> Scenario:
    """Return a scenario as `under` gives it, so that it can be told whether two are the same."""
    return scenario.changed(title="", description="")


def _same(one: Scenario, other: Scenario) -> bool:
    return (
        one.structure == other.structure
        and one.numbers == other.numbers
        and one.place.content_hash() == other.place.content_hash()
    )


def _place(place: PlaceFile, choice: Choice) -> PlaceFile:
    """Return the place that a choice is tried in."""
    if choice.place is not None:
        return load_place(choice.place)
    if choice.network is None:
        return place
    base = load_place(GENERATED) if place.generated is None else place
    before = base.generated or Generated()
    network = Network(**(before.network.model_dump() | {"kind": choice.network}))
    return base.model_copy(update={"generated": before.model_copy(update={"network": network})})


def _tables() -> list[Choice]:
    """Return the ready places that come from a file, each with its own organisations and relationships."""
    found = []
    for ready in available("places"):
        place = load_place(ready.name)
        if place.from_file:
            words = f"Relationships of {place.title or ready.name}"
            found.append(Choice(f"place-{ready.name}", "Another place", words, place=ready.name))
    return found


# List the structural alternatives that every claim is run under: choices of the model other than the default ones.
#
# They are those of `experiments.structures`, under which a comparison's headline is repeated too, on the generated
# place,
# and two more: everybody tied to everybody, and the council left out of the sites.


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
