"""Read the numbers on ties: only as what a person says they mean, since maps hold counts, shares, signs and codes."""

import re

from experiments.importing.choices import Choices
from experiments.importing.ends import Link
from experiments.importing.matrix import UNANSWERED, is_no_tie
from experiments.importing.tables import folded
from simulation.scenario.problems import Findings
from simulation.scenario.scales import SCALES

_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def number(text: str) -> float | None:
    """Return a weight as a number, with a decimal comma, a percent sign or as a fraction; None for a code.

    >>> number("0,5"), number("1/2"), number("40%"), number("-2"), number("weekly")
    (0.5, 0.5, 40.0, -2.0, None)
    """
    fraction = _FRACTION.fullmatch(text.strip())
    if fraction and int(fraction[2]):
        return int(fraction[1]) / int(fraction[2])
    plain = text.strip().removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.replace(",", "."))
    return value if abs(value) < 1e300 else None


def without_no_ties(links: list[Link], findings: Findings) -> list[Link]:
    """Return the links but those whose weight says that there is no tie; a blank weight says nothing."""
    kept = [link for link in links if not link.weight or not is_no_tie(link.weight)]
    unanswered = sum(bool(link.weight) and folded(link.weight) in UNANSWERED for link in links)
    if unanswered:
        findings.doubt(f"ties whose weight is NA and the like, read as no tie: {unanswered}; it may be no answer")
    if len(kept) < len(links):
        findings.note(f"ties whose weight is 0, NA, no and the like, read as no tie: {len(links) - len(kept)}")
    return kept


def strengths(links: list[Link], choices: Choices, findings: Findings) -> list[float | None]:
    """Return each link's strength on 0-1, None where it is blank or weights are not used."""
    values = [number(link.weight) if link.weight else None for link in links]
    if not choices.weights:
        _say_unused(links, values, findings)
        return [None] * len(links)
    if choices.weights == "largest":
        largest = max((value for value in values if value is not None), default=0.0)
        low, high = 0.0, largest or 1.0
    else:
        low, high = SCALES[choices.weights]
    found: list[float | None] = []
    for link, value in zip(links, values, strict=True):
        if link.weight and (value is None or not low <= value <= high):
            allowed = f"a number from {low:g} to {high:g} (--weights {choices.weights})"
            key = "weight of a tie"
            findings.add("is out of range", file=link.file, line=link.line, key=key, value=link.weight, allowed=allowed)
        found.append(None if value is None else round((value - low) / (high - low), 4))
    findings.note(f"strength follows the weights of the ties, read as {_meaning(choices, high)}")
    return found


def _meaning(choices: Choices, high: float) -> str:
    return f"a share of the largest, {high:g}" if choices.weights == "largest" else f"on the scale {choices.weights}"


def _say_unused(links: list[Link], values: list[float | None], findings: Findings) -> None:
    """Say what the weights look like, and that strength is left blank."""
    numbers = [value for value in values if value is not None]
    codes = list(dict.fromkeys(link.weight for link, value in zip(links, values, strict=True) if value is None))
    codes = [code for code in codes if code]
    if codes or (numbers and set(numbers) != {1.0}):
        parts = [f"numbers from {min(numbers):g} to {max(numbers):g}"] if numbers else []
        parts += [f"words such as '{codes[0]}'"] if codes else []
        text = (
            f"weights of ties ({' and '.join(parts)}) were not used: strength is blank; --weights says what they mean"
        )
        findings.note(text)
    negative = sum(value < 0 for value in numbers)
    if negative:
        findings.note(
            f"ties with a weight below 0, kept as ties like the others: {negative}; the model knows no enmity"
        )
