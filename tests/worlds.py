"""Turn a reference world (arrays and symbols, tests/data/reference) into a scenario, a start and its luck."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from simulation.initial import Start
from simulation.parameters import BY_SYMBOL
from simulation.random_streams import Luck
from simulation.scenario import Phase, PlaceFile, Route, Scenario, Shares, Structure
from simulation.scenario.place import Organisation, Relationship
from simulation.vocabulary import ACTIVITY_IDS

FOLDER = Path(__file__).parent / "data" / "reference"
RENAMED = {"hill": "contagion_steepness"}


@cache
def cases(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Return the reference cases of a folder by id."""
    return {case["id"]: case for case in json.loads((folder / "cases.json").read_text())}


def settings_of(params: dict[str, float]) -> dict[str, float]:
    """Return readable settings for parameters given by symbol; v0 and phi become what people set."""
    settings = {}
    for symbol, value in params.items():
        if symbol not in ("v0", "phi"):
            settings[RENAMED.get(symbol) or BY_SYMBOL[symbol].name] = value
    if "v0" in params:
        settings["initial_pressure"] = params["v0"] * (1 + params["phi"])
        settings["failure_demand_share"] = params["phi"] / (1 + params["phi"])
    return settings


def route_of(name: str, policy: dict[str, Any]) -> Route:
    """Return the route of a reference policy."""
    if name == "none":
        return Route(name="none")
    phases = [
        Phase(months=months, shares=Shares(**dict(zip(ACTIVITY_IDS, shares, strict=True))))
        for months, shares in zip(policy["months"], policy["phases"], strict=True)
    ]
    opportunistic = name == "opportunistic"
    return Route(
        name=name,
        order="opportunistic" if opportunistic else "sequence",
        site_rule="energy" if opportunistic else "standing",
        number_of_sites=policy["sites"],
        open_talk=("never", "from-month", "adaptive")[policy["overt_mode"]],
        open_from=policy["overt_t"],
        phases=tuple(phases),
    )


def scenario_of(
    world: dict[str, Any],
    params: dict[str, float],
    route: Route,
    *,
    structure: Structure | None = None,
    months: int = 120,
    **parts: Any,
) -> Scenario:
    """Return a scenario for a world's organisations and relationships."""
    names = [f"o{i}" for i in range(len(world["size"]))]
    place = PlaceFile(
        name="reference",
        council="o0",
        organisations=tuple(
            Organisation(id=name, kind="voluntary", size=size) for name, size in zip(names, world["size"], strict=True)
        ),
        relationships=tuple(
            Relationship(source=names[i], target=names[j]) for i, j in zip(world["src"], world["dst"], strict=True)
        ),
    )
    return Scenario(
        place=place,
        route=route,
        structure=structure or Structure(burn_in="free"),
        settings=settings_of(params),
        months=months,
        **parts,
    )


def start_of(world: dict[str, Any], scenario: Scenario) -> Start:
    """Return how a world begins under a scenario's numbers."""
    numbers = scenario.numbers
    return Start(
        practice=world["x0"],
        thresholds=np.clip(numbers.threshold + numbers.threshold_spread * world["zth"], 0.04, 0.9),
        threshold_luck=world["zth"],
        site_luck=world.get("site_luck", np.zeros(len(world["size"]))),
        tie_from=np.asarray(world["src"], dtype=np.int64),
        tie_to=np.asarray(world["dst"], dtype=np.int64),
        trust=np.clip(numbers.initial_trust * world["T0"], 0, 1),
    )


def luck_of(world: dict[str, Any]) -> Luck:
    """Return a world's written-down luck."""
    months, n = world["zdem"].shape
    order = world.get("order", np.broadcast_to(np.arange(n), (months, n)))
    return Luck(
        demand=world["zdem"],
        place=world["zpla"],
        breach=world["ubre"],
        energy=world["uene"],
        strategic=world["ustr"],
        restructure=world["ushk"],
        order=np.ascontiguousarray(order, dtype=np.int64),
    )


def load_world(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Return a reference world's arrays."""
    with np.load(folder / f"{name}.npz") as arrays:
        return {key: arrays[key] for key in arrays.files}
