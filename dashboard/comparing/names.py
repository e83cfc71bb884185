"""Name what is compared as people know it."""

from functools import lru_cache

from simulation.scenario import available
from simulation.scenario.switches import WITHOUT

INGREDIENT_TITLES = {
    "rigidity": "Rigidity under pressure",
    "evidence": "Evidence that lowers thresholds",
    "windows": "Windows that shut",
    "infrastructure": "Changing infrastructure",
    "ceiling": "Infrastructure’s limit on practice",
    "failure-demand": "Less failure demand through practice",
    "change-cost": "Cost of changing",
    "noise": "Ups and downs of demand",
    "restructures": "Random restructures",
    "growth": "Growth of demand",
    "cuts": "Budget cuts",
    "breaches": "Breaches of trust",
    "trust-gain": "Trust gained by contact",
    "trust-decay": "Fading of trust",
    "speed-limit": "Speed limit set by relationships",
    "social": "Neighbours’ example",
    "background": "Trying it without an example",
    "coupling": "Support between behaviours",
    "difficulty": "Harder and easier behaviours",
    "threshold-spread": "Differing thresholds",
    "slip-back": "Slip-back",
    "talk": "Open talk about behaviours",
    "talk-damage": "Harm of talking too early",
    "vision": "Shared vision",
    "prototypes": "Prototypes’ direct effect",
    "protection": "Shielding of prototypes",
    "help-under-pressure": "Extra worth of help under pressure",
    "reflection": "Reflection",
    "double-loop": "Learning kept up by behaviour 9",
    "balance": "Weight of the weakest behaviours",
    "felt-pressure": "Delay in feeling pressure",
}
"""Names of mechanisms for people who have read nothing; the command line's are the keys."""


@lru_cache
def titles(kind: str) -> dict[str, str]:
    """Return names and titles of what is kept ready of a kind."""
    return {found.name: found.title for found in available(kind)}  # type: ignore[arg-type]


def route_title(name: str) -> str:
    """Return a route's title, or its name where it has none."""
    return titles("routes").get(name) or name


def in_text(name: str) -> str:
    """Return a route's title as it reads inside a sentence: "prototype-led"."""
    title = route_title(name)
    return title[:1].lower() + title[1:]


def ingredient_title(name: str) -> str:
    """Return what an ingredient is called, in plain words: "Trust gained by contact"."""
    return INGREDIENT_TITLES[name]


def ingredient_meaning(name: str) -> str:
    """Return what is so once an ingredient is taken away: "contact builds no trust"."""
    return WITHOUT[name].meaning
