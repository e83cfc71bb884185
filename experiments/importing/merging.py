"""Make a pair of organisations one relationship, whatever the map calls it and how often; say what was merged."""

from dataclasses import dataclass

from experiments.importing.ends import Link
from simulation.scenario.problems import Findings

MOST_NAMED = 8


@dataclass(frozen=True)
class Pair:
    """Two organisations by position, with the kinds of their ties and the largest strength."""

    source: int
    target: int
    kind: str
    strength: float | None


def merged(links: list[Link], strength: list[float | None], labels: list[str], findings: Findings) -> list[Pair]:
    """Return a pair once; ties to oneself are dropped."""
    first: dict[frozenset[int], int] = {}
    kinds: dict[frozenset[int], dict[str, None]] = {}
    most: dict[frozenset[int], float | None] = {}
    seen: set[tuple[int, int, str, str, str]] = set()
    loops: list[int] = []
    identical = turned = other = 0
    networks = len({link.network for link in links}) > 1
    for position, (link, value) in enumerate(zip(links, strength, strict=True)):
        if link.source == link.target:
            loops.append(link.source)
            continue
        key = frozenset((link.source, link.target))
        row = (link.source, link.target, link.type, link.weight, link.network)
        if key in first:
            same_way = links[first[key]].source == link.source
            identical += row in seen
            turned += row not in seen and not same_way
            other += row not in seen and same_way
        seen.add(row)
        first.setdefault(key, position)
        kind = link.type or (link.network if networks else "")
        kinds.setdefault(key, {})[kind] = None
        known = [one for one in (most.get(key), value) if one is not None]
        most[key] = max(known) if known else None
    _say(loops, identical, turned, other, labels, findings)
    if len(first) + len(loops) < len(links) and any(value is not None for value in strength):
        findings.note("where merged ties differ in strength, the strongest stands")
    return [
        Pair(links[at].source, links[at].target, "; ".join(kind for kind in kinds[key] if kind), most[key])
        for key, at in first.items()
    ]


def _say(loops: list[int], identical: int, turned: int, other: int, labels: list[str], findings: Findings) -> None:
    if loops:
        shown = ", ".join(f"'{labels[one]}'" for one in list(dict.fromkeys(loops))[:MOST_NAMED])
        findings.note(f"ties of an element to itself, dropped: {len(loops)} ({shown})")
    parts = (
        ("the same tie again", identical),
        ("the same pair the other way round", turned),
        ("the same pair with another type, weight or map", other),
    )
    said = ", ".join(f"{number} {what}" for what, number in parts if number)
    if said:
        number = identical + turned + other
        findings.note(f"ties merged into one relationship a pair: {number} ({said})")
    findings.note("relationships have no direction in the model: from and to say nothing about who leads")
