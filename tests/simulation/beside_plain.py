"""Run a scenario by the compiled model and by the plain version, and compare every state in every month.

The plain version (tests/plain) gets the arrays that a course begins with, the luck that lies ahead of it, the
scenario's numbers by symbol, and a budget path worked out here.
"""

from typing import Any

import numpy as np

from simulation.initial import Start
from simulation.parameters import PARAMETERS
from simulation.recorder import AT
from simulation.run import Course
from simulation.scenario import Scenario
from simulation.scenario.route import OPEN_TALKS
from tests.plain import model as plain
from tests.worlds import luck_of, scenario_of, start_of

SYMBOLS = {
    "n": "hill", "rk": "k_back", "kmax": "k_max", "lh": "l_floor", "ly": "Y_floor", "ovg": "gate_open",
    "sU": "site_U", "sC": "site_tie", "Pq": "q_at", "sq": "q_soft", "tauq": "q_months", "tauB": "B_months",
    "ret": "returning", "b": "cut_absorbed",
}  # fmt: skip
"""Symbols that the plain version spells in its own way."""

STATES = {
    "practice": "practice", "trust": "trust", "partner_trust": "partner_trust", "infrastructure": "infrastructure",
    "learning": "learning", "evidence": "evidence", "effort": "effort", "failure_demand": "failure_demand",
    "felt_pressure": "felt_pressure", "pressure": "pressure", "rigidity": "rigidity", "maturity": "maturity",
    "failure_share": "failure_share", "value_demand": "value_demand", "capacity": "capacity",
    "disruption": "disruption", "demand_noise": "demand_noise_now", "place_noise": "place_noise_now",
    "energy": "energy", "W": "strategic_window", "rationed": "rationed", "backlog": "backlog",
    "unmet": "unmet_need", "help": "help", "convene": "convene", "prototype": "prototype", "reflect": "reflect",
    "open_talk": "open_share", "sites": "on_site",
}  # fmt: skip
"""What the plain version records, and the array of the state that holds it."""

SERIES = {"gini": "inequality", "lost": "lost", "reach": "reach"}
"""What it records, and the series that holds it."""


def odd_course(
    world: dict[str, Any], params: dict[str, float], route: Any, exposure: bool = False, **parts: Any
) -> Course:
    """Return a course for an odd world; `exposure` lets its organisations differ in what a cut takes."""
    scenario = scenario_of(world, params, route, months=len(world["zdem"]) - plain.BURN_IN, **parts)
    if exposure:
        organisations = tuple(
            organisation.model_copy(update={"budget_exposure": float(exposed)})
            for organisation, exposed in zip(scenario.place.organisations, world["exposure"], strict=True)
        )
        scenario = scenario.changed(place=scenario.place.model_copy(update={"organisations": organisations}))
    return Course(scenario, start=start_of(world, scenario), luck=luck_of(world))


def symbols_of(scenario: Scenario) -> dict[str, float]:
    """Return a scenario's numbers as the plain version reads them."""
    numbers = {p.symbol: getattr(scenario.numbers, p.name) for p in PARAMETERS}
    params = {SYMBOLS.get(symbol, symbol): value for symbol, value in numbers.items()}
    params["v0"], params["phi"] = numbers["P0"] * (1 - numbers["f"]), numbers["f"] / (1 - numbers["f"])
    params["l_head"], params["Y_learn"] = 1 - numbers["lh"], 1 - numbers["ly"]
    return {**params, "Q": numbers["Q"] * scenario.route.days_factor}


def world_of(course: Course) -> dict[str, Any]:
    """Return the world that a course begins with, its luck included; the course must not have run."""
    state, luck = course.state, course.luck.fork().draw(course.last_month)
    world = {
        "size": state.size, "src": state.tie_from, "dst": state.tie_to, "council": int(state.council[0]),
        "x0": state.practice, "trust": state.trust, "threshold": state.thresholds, "zth": state.threshold_luck,
        "site_luck": state.site_luck, "exposure": course.roster.exposure, "zdem": luck.demand, "zpla": luck.place,
        "ubre": luck.breach, "uene": luck.energy, "ustr": luck.strategic, "ushk": luck.restructure,
        "order": luck.order,
    }  # fmt: skip
    world = {name: np.array(value) if name != "council" else value for name, value in world.items()}
    if course.scenario.budget is not None:
        world["budget"] = np.array([budget_left(course, month) for month in range(course.last_month)])
    return world


def budget_left(course: Course, month: int) -> list[float]:
    """Return each organisation's budget left: year upon year, and the part of a year as a power."""
    years, part = divmod(max(month - course.burn_in, 0), 12)
    absorbed, left = course.numbers.cut_absorbed, []
    for kind, exposure in zip(course.roster.kinds, course.roster.exposure, strict=True):
        yearly = [1 + course.scenario.budget.yearly(kind, y) * exposure * (1 - absorbed) for y in range(years + 1)]
        left.append(float(np.prod(yearly[:years]) * yearly[years] ** (part / 12)))
    return left


def policy_of(course: Course) -> tuple[str, dict[str, Any] | None]:
    """Return the plain version's route and policy for a course's route."""
    route, ids = course.scenario.route, course.roster.ids
    if not route.phases:
        return "none", None
    sites = [
        phase.sites if isinstance(phase.sites, str) else [ids.index(site) for site in phase.sites]
        for phase in route.phases
    ]
    return "opportunistic" if route.order == "opportunistic" else "in order", {
        "months": [phase.months for phase in route.phases],
        "phases": [phase.shares.as_tuple() for phase in route.phases],
        "sites": route.number_of_sites,
        "phase_sites": sites,
        "overt_mode": OPEN_TALKS.index(route.open_talk),
        "overt_t": route.open_from,
        "overt": course.numbers.talk_share,
    }


def choices_of(course: Course) -> dict[str, Any]:
    """Return the structural choices as the plain version names them."""
    structure, route = course.scenario.structure, course.scenario.route
    held = structure.burn_in == "held" or (structure.burn_in is None and course.scenario.place.from_file)
    return {
        "influence": structure.influence,
        "speed_limit": structure.speed_limit,
        "site_rule": route.site_rule,
        "council": route.council,
        "convening": structure.convening,
        "assembly_share": course.numbers.assembly_share,
        "update": structure.update,
        "rationing": structure.rationing == "on",
        "burn_in": "held" if held else "free",
    }


def plain_run(course: Course) -> dict[str, Any]:
    """Return what the plain version shows for a course that has not run."""
    return plain.run(world_of(course), symbols_of(course.scenario), *policy_of(course), choices_of(course))


def month_by_month(course: Course) -> dict[str, Any]:
    """Run a course to its end and return its states after every month, named as the plain version names them."""
    rows = []
    for _ in range(course.last_month):
        course.run(1)
        row = {name: getattr(course.state, field).astype(float) for name, field in STATES.items()}
        row["vision"], row["rewire"] = course.state.place_doses
        recorded = course.record.series[course.month - 1]
        row |= {name: recorded[getattr(AT, field)] for name, field in SERIES.items()}
        row["W"], row["place_noise"] = row["W"][0], row["place_noise"][0]
        rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def largest_difference(course: Course) -> tuple[float, str]:
    """Run a course beside the plain version; return the largest difference of any state in any month, and where."""
    expected = plain_run(course)
    found = month_by_month(course)
    worst, where = 0.0, "nowhere"
    for name, values in found.items():
        gap = np.abs(values - expected[name])
        if not np.isfinite(gap).all():
            return np.inf, f"{name} is not finite"
        if gap.size and gap.max() > worst:
            worst, where = float(gap.max()), f"{name} in month {np.unravel_index(gap.argmax(), gap.shape)[0]}"
    return worst, where


__all__ = ["Start", "largest_difference", "month_by_month", "odd_course", "plain_run", "symbols_of", "world_of"]
