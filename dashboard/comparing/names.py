"""Name what is compared as people know it."""

from functools import lru_cache

from simulation.scenario import available
from simulation.scenario.switches import WITHOUT


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
    """Return what an ingredient is called: "Trust gain"."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def ingredient_meaning(name: str) -> str:
    """Return what is so once an ingredient is taken away: "contact builds no trust"."""
    return WITHOUT[name].meaning
