"""Write the tables of docs/odd.md from the code: `python -m experiments.documentation [--check]`.

A table stands between `<!-- generated: NAME -->` and `<!-- end -->`; what is between is replaced.
"""

import argparse
import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from simulation.parameters import ASSUMED, GROUP_TITLES, PARAMETERS, Parameter
from simulation.scenario import structure
from simulation.scenario.events import Event
from simulation.scenario.switches import LEAN, WITHOUT
from simulation.vocabulary import BEHAVIOURS, SUPPORTING_ELEMENTS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "odd.md"
BLOCK = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->).*?(<!-- end -->)", re.DOTALL)
SUBMODELS = (
    "windows", "noise", "disruption", "demand", "summaries", "failure_demand", "rationing", "pressure", "maturity",
    "partner", "doses", "relationships", "partner_trust", "learning", "behaviours", "infrastructure", "turning",
)  # fmt: skip
SERIES_MEANING = {
    "practice": "mean practice over organisations and behaviours",
    "perspective": "mean practice of behaviours 1-3",
    "power": "mean practice of behaviours 4-6",
    "participation": "mean practice of behaviours 7-9",
    "reach": "share of organisations with mean practice above 0.3",
    "gained": "share of organisations that gained at least 0.1 since month 0",
    "trust": "mean trust over relationships",
    "partner_trust": "mean trust in the learning partner",
    "pressure": "mean demand over capacity",
    "felt_pressure": "mean pressure as felt",
    "rigidity": "mean rigidity",
    "failure_demand_share": "mean share of failure demand in demand",
    "value_demand": "mean value demand, share of capacity at the start",
    "infrastructure": "mean over the four elements",
    "evidence": "mean evidence",
    "learning": "mean learning",
    "effort": "mean effort of changing",
    "strategic_window": "1 where the place's window is open",
    "energy": "share of organisations whose window is open",
    "breaches": "share of relationships with a breach of trust this month",
    "capped": "share of drives that met their limit of 1: where prototypes, windows and protection act weakly",
    "unmet_need": "mean share of need turned away (0 without rationing)",
    "lost_demand": "demand of closed organisations that nobody took over, share of the place",
    "living": "number of organisations",
}
CHOICES = {
    "influence": (structure.INFLUENCES, "how an example moves: steep curve, all-or-nothing threshold, in proportion, averaging"),
    "speed_limit": (structure.SPEED_LIMITS, "what limits speed: trust among organisations for peers and maturity for the partner's work; maturity for both; trust among organisations for both"),
    "convening": (structure.CONVENINGS, "where convening goes: sites and the place; also who is tied to a site; partly as whole-place assemblies"),
    "update": (structure.UPDATES, "whether behaviours change all at once or one organisation after the other"),
    "noise": (structure.NOISES, "normal; Student's t with 5 degrees of freedom at equal variance; none"),
    "rationing": (structure.RATIONINGS, "whether need is turned away under lasting pressure"),
    "burn_in": (structure.BURN_INS, "whether everything moves in the burn-in, or what a person gave is held"),
}  # fmt: skip


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value: float) -> str:
    """Return a number as people write it."""
    return f"{value:.4g}" if abs(value) < 1e5 else f"{value:.0e}".replace("e+0", "e")


def parameter_row(parameter: Parameter) -> list[str]:
    """Return a parameter's row of the table."""
    plausible = (
        "-"
        if parameter.low is None or parameter.high is None
        else f"{number(parameter.low)} to {number(parameter.high)}"
    )
    return [
        f"`{parameter.name}`", parameter.symbol, number(parameter.default), plausible,
        f"{number(parameter.hard_low)} to {number(parameter.hard_high)}", parameter.unit, parameter.meaning, parameter.basis,
    ]  # fmt: skip


def parameters() -> str:
    """Return the tables of parameters, a group each."""
    header = ["parameter", "symbol", "default", "plausible", "hard", "unit", "meaning", "basis"]
    parts = []
    for group, title in GROUP_TITLES.items():
        rows = [parameter_row(parameter) for parameter in PARAMETERS if parameter.group == group]
        parts.append(f"**{title}**\n\n{table(header, rows)}")
    return "\n\n".join(parts)


def basis() -> str:
    """Return how many of the numbers a source informs."""
    informed = [parameter for parameter in PARAMETERS if parameter.basis != ASSUMED]
    return (
        f"Of {len(PARAMETERS)} numbers {len(informed)} are informed by a source, most of them only in direction or "
        "range; the others are assumed."
    )


def behaviours() -> str:
    """Return the table of behaviours."""
    rows = [[str(b.number), b.group, b.title, f"`{b.id}`", ", ".join(SUPPORTING_ELEMENTS[b.id])] for b in BEHAVIOURS]
    return table(["no.", "group", "title", "id", "supported by"], rows)


def without() -> str:
    """Return the table of switches."""
    rows = []
    for name, switch in WITHOUT.items():
        lean = "yes" if all(LEAN.get(key) == value for key, value in switch.parameters.items()) else ""
        values = ", ".join(f"`{key}` = {number(value)}" for key, value in switch.parameters.items())
        rows.append([f"`{name}`", values, switch.meaning, lean])
    held = {key for switch in WITHOUT.values() for key in switch.parameters}
    rest = ", ".join(f"`{key}` = {number(value)}" for key, value in LEAN.items() if key not in held)
    note = "" if not rest else f"\n\nThe lean profile also sets {rest}."
    return table(["`--without`", "sets", "so that", "in `lean`"], rows) + note


def events() -> str:
    """Return the table of events."""
    rows = []
    for kind in get_args(get_args(Event)[0]):
        fields = {name: field for name, field in kind.model_fields.items() if name not in ("type", "month", "note")}
        parts = [
            f"`{name}`"
            + (f" ({field.default})" if field.default not in (None, "", ()) and not field.is_required() else "")
            for name, field in fields.items()
        ]
        rows.append(
            [f"`{kind.model_fields['type'].default}`", (kind.__doc__ or "").strip().splitlines()[0], ", ".join(parts)]
        )
    return table(["event", "what happens", "keys (default)"], rows)


def structural_choices() -> str:
    """Return the table of structural choices."""
    rows = [
        [f"`{name}`", ", ".join(f"`{o}`" for o in options), meaning] for name, (options, meaning) in CHOICES.items()
    ]
    return table(["choice", "options, the default first", "what it decides"], rows)


def submodels() -> str:
    """Return what stands at the head of each mechanism's file."""
    parts = []
    for name in SUBMODELS:
        text = ast.get_docstring(ast.parse((ROOT / "simulation" / "mechanisms" / f"{name}.py").read_text())) or ""
        title, _, body = text.partition("\n\n")
        parts.append(f"**{title}** `simulation/mechanisms/{name}.py`\n\n{fenced(body)}".rstrip())
    return "\n\n".join(parts)


def fenced(body: str) -> str:
    """Return text whose indented equations stand in code fences."""
    lines, inside, out = body.splitlines(), False, []
    for line in lines:
        equation = line.startswith("    ")
        if equation != inside and (equation or line.strip()):
            out.append("```")
            inside = equation
        out.append(line[4:] if equation else line)
    return "\n".join([*out, "```"] if inside else out)


def series() -> str:
    """Return the table of what is recorded each month."""
    rows = [[f"`{name}`", meaning] for name, meaning in SERIES_MEANING.items()]
    intro = "Recorded at the end of each month, as means over the living organisations or relationships:\n\n"
    return (
        intro
        + table(["series", "meaning"], rows)
        + (
            "\n\nOutcomes of a run: any series at a month; `change` (practice since month 0); `take_off`, the first month"
            ' from which mean practice stays above 0.25 for six months ("not reached" is a value); `kept_after_exit`,'
            " practice 24 months after the partner left less practice when it left."
        )
    )


GENERATED: dict[str, Callable[[], str]] = {
    "parameters": parameters, "basis": basis, "behaviours": behaviours, "without": without, "events": events,
    "structure": structural_choices, "submodels": submodels, "series": series,
}  # fmt: skip


def filled(page: str) -> str:
    """Return a page with every generated block filled; raise KeyError for a block that nothing generates."""

    def fill(match: "re.Match[str]") -> str:
        return f"{match[1]}\n{GENERATED[match['name']]()}\n{match[3]}"

    return BLOCK.sub(fill, page)


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` tell whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether the page is up to date")
    options: Any = parser.parse_args(arguments)
    before = PAGE.read_text(encoding="utf-8")
    after = filled(before)
    if options.check:
        print("up to date" if before == after else f"{PAGE.name} differs from the code: run `make docs`")
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
