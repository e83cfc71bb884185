"""What the idiomatic Mesa version starts from: numbers, routes, a generated place and its luck.

Nothing here comes from the simulator, so the peer stays independent of what it is measured against.
Parameters carry the symbols of docs/odd.md, arrays the names of the reference cases in tests/data/reference.
*Illustrative, not predictive.*
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

BURN_IN = 12  # months before the programme begins
THRESHOLD_RANGE = (0.04, 0.9)

DEFAULTS: dict[str, float] = {
    # demand, pressure, rigidity
    **{"v0": 0.48, "phi": 1.0, "eta": 0.8, "kappa": 0.5, "rho": 0.5, "tauF": 6.0, "tauP": 3.0, "kc": 0.4},
    **{"Pstar": 1.0, "sR": 0.1, "Rmax": 0.85, "rR": 0.4, "g": 0.01, "c": 0.0, "cut_absorbed": 0.0},
    # noise, restructures, windows
    **{"sig": 0.06, "ar": 0.8, "sigc": 0.05, "arc": 0.97, "psh": 0.01, "hsh": 0.15},
    **{"eon": 0.04, "eoff": 0.12, "ee": 0.35, "won": 0.03, "woff": 0.06},
    # relationships
    **{"T0": 0.3, "gT": 0.08, "dT": 0.012, "gB": 0.3, "pb0": 0.004, "pbR": 0.05},
    **{"c0": 0.35, "cx": 0.6, "cw": 0.8, "nu": 1.0},
    # the learning partner
    **{"Q": 20.0, "dh": 1.0, "dhp": 1.2, "dhv": 10.0, "dGh": 3.0},
    **{"U0": 0.05, "u0": 0.4, "gU": 0.2, "wU": 0.4, "chh": 0.5, "dU": 0.03},
    **{"thM": 0.55, "sM": 0.06, "bo": 1.5, "go": 2.0, "bp": 3.0, "bv": 0.6, "prot": 0.5},
    # behaviours
    **{"alpha": 0.15, "eps": 0.08, "wc": 0.8, "lam": 0.3, "hill": 4.0, "th": 0.2, "sth": 0.04, "sdif": 0.15},
    **{"psi": 0.5, "d0": 0.02, "dR": 2.0, "k0": 0.45, "rG": 0.5, "rL": 0.5},
    # learning, evidence, infrastructure
    **{"aL": 0.3, "aL9": 0.04, "dL": 0.05, "aY": 0.8, "dY": 0.02},
    **{"G0": 0.1, "aG": 0.06, "iG": 0.3, "dG": 0.006},
}


class Phase(NamedTuple):
    """Shares of the partner's days by activity."""

    help: float
    convene: float
    prototype: float
    vision: float
    reflect: float
    rewire: float


BREADTH = Phase(0.15, 0.25, 0.00, 0.35, 0.15, 0.10)
DEPTH = Phase(0.15, 0.10, 0.45, 0.00, 0.20, 0.10)
APPROACH = Phase(0.10, 0.20, 0.10, 0.10, 0.25, 0.25)
DIAGNOSTIC = Phase(0.25, 0.35, 0.00, 0.00, 0.40, 0.00)
HALF_AND_HALF = Phase(*((b + d) / 2 for b, d in zip(BREADTH, DEPTH, strict=True)))

ROUTES: dict[str, list[tuple[Phase, int]]] = {
    "none": [],
    "manifesto": [(BREADTH, 20), (DEPTH, 20), (APPROACH, 20)],
    "prototype": [(DEPTH, 20), (BREADTH, 20), (APPROACH, 20)],
    "blended": [(HALF_AND_HALF, 20), (HALF_AND_HALF, 20), (APPROACH, 20)],
    "diagnostic": [(DIAGNOSTIC, 6), (BREADTH, 18), (DEPTH, 18), (APPROACH, 18)],
    "diagnostic-depth": [(DIAGNOSTIC, 6), (DEPTH, 18), (BREADTH, 18), (APPROACH, 18)],
    "opportunistic": [(BREADTH, 20), (DEPTH, 20), (APPROACH, 20)],
}
OVERT_NEVER, OVERT_FROM, OVERT_ADAPTIVE = range(3)


def parameters(given: Mapping[str, float] | None = None) -> SimpleNamespace:
    """Complete the numbers given by symbol with the defaults; an unknown symbol is a ValueError."""
    given = given or {}
    unknown = sorted(set(given) - set(DEFAULTS))
    if unknown:
        msg = f"unknown parameters: {', '.join(unknown)}"
        raise ValueError(msg)
    return SimpleNamespace(**{**DEFAULTS, **given})


def ready_policy(route: str, openness: str | int = "adaptive", *, sites: int = 5) -> dict[str, Any]:
    """Describe a ready route as the reference cases do; openness is never, adaptive or a programme month."""
    if route not in ROUTES:
        msg = f"unknown route {route!r}: choose one of {', '.join(ROUTES)}"
        raise ValueError(msg)
    if isinstance(openness, str) and openness not in ("never", "adaptive"):
        msg = f"openness is 'never', 'adaptive' or a month, not {openness!r}"
        raise ValueError(msg)
    modes = {"never": OVERT_NEVER, "adaptive": OVERT_ADAPTIVE}
    return {
        "phases": [phase for phase, _ in ROUTES[route]],
        "months": [months for _, months in ROUTES[route]],
        "sites": sites,
        "overt": 0.5,
        "overt_mode": modes[openness] if isinstance(openness, str) else OVERT_FROM,
        "overt_t": 0 if isinstance(openness, str) else openness,
    }


def generate_place(organisations: int, network: np.random.Generator, traits: np.random.Generator) -> dict:
    """Draw a connected small world with the council, organisation 0, as its hub.

    Returns `size` (N), `src` and `dst` (L), `zth` (N), `T0` (L) and `x0` (N, 9), as in the reference cases.
    """
    if organisations < 3:
        msg = f"a generated place has at least 3 organisations, not {organisations}"
        raise ValueError(msg)
    neighbours = min(6, organisations - 1)
    graph = nx.connected_watts_strogatz_graph(organisations, neighbours, 0.15, seed=int(network.integers(2**31)))
    tied_to_council = network.random(organisations - 1) < 0.6
    graph.add_edges_from((0, other) for other in range(1, organisations) if tied_to_council[other - 1])
    ends = np.array(sorted((min(edge), max(edge)) for edge in graph.edges))
    size = np.full(organisations, 0.5)
    size[1 : organisations // 3] = 2.0
    size[0] = 6.0
    return {
        "size": size / size.sum(),
        "src": ends[:, 0],
        "dst": ends[:, 1],
        "zth": np.clip(traits.standard_normal(organisations), -2.5, 2.5),
        "T0": 2 * traits.beta(6, 6, len(ends)),
        "x0": traits.uniform(0, 0.12, (organisations, 9)),
    }


def draw_luck(streams: list[np.random.Generator], months: int, organisations: int, relationships: int) -> dict:
    """Draw every month's chances, a stream a mechanism, in full whether used or not."""
    demand, place, breach, energy, strategic, restructure = streams
    return {
        "zdem": demand.standard_normal((months, organisations)),
        "zpla": place.standard_normal(months),
        "ubre": breach.random((months, relationships)),
        "uene": energy.random((months, organisations)),
        "ustr": strategic.random(months),
        "ushk": restructure.random((months, organisations)),
    }


def world_and_luck(world: Mapping | None, luck: Mapping | None, *, seed: int | None, organisations: int, months: int):
    """Use what is given and draw the rest from the seed; a reference world holds its own luck."""
    network, traits, *chances = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(8))
    if world is None:
        world = generate_place(organisations, network, traits)
    if luck is None:
        luck = world if "zdem" in world else draw_luck(chances, months, len(world["size"]), len(world["src"]))
    if len(luck["zdem"]) < months:
        msg = f"the luck given lasts {len(luck['zdem'])} months, and the run {months}"
        raise ValueError(msg)
    return world, luck
