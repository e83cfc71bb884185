"""List of branches and their files."""

import json
import re
from collections.abc import Sequence
from typing import Any

import solara

from dashboard.components import About, Box, Button, Download, Perhaps, Section, Text, TextField, zipped
from dashboard.pages.decide.branches import LONGEST_NAME, Decision, Tree, event_data
from dashboard.pages.decide.desk import Desk
from dashboard.pages.decide.sentences import decision_sentence
from dashboard.pages.decide.serialisation import to_json
from dashboard.pages.decide.timeline import depends_on_seed, scenario_of
from experiments.manifest import CAVEAT, fingerprint, our_version
from simulation import MODEL_VERSION
from simulation.outcomes import difference, level
from simulation.scenario import PlaceFile, Pressure, Route, Scenario, load_place, load_pressure
from simulation.scenario.files import place_files, toml_text
from simulation.scenario.library import ready

ROUTE, SCENARIO, DECISIONS, MANIFEST, PLACE = "route.toml", "scenario.toml", "decisions.json", "manifest.json", "place"
"""All files in the archive carry this date, so that the same branch gives the same archive."""


def files_of(base: Scenario, tree: Tree, index: int, *, seed: int) -> dict[str, str]:
    """Return the texts of a branch's files by path. Raises ProblemError where the branch can't be run."""
    decisions = tree.path(index)
    scenario = scenario_of(base, decisions, seed=seed)
    name = tree.branches[index].name
    command = _command(scenario, seed)
    comments = [CAVEAT, f"Run it in this folder: {command}"]
    files = {
        SCENARIO: toml_text(_scenario_data(scenario, name), comments=comments),
        ROUTE: toml_text(_route_data(scenario.route, name), comments=_about_route(base, decisions, seed)),
        DECISIONS: to_json(tree),
        MANIFEST: json.dumps(_manifest(scenario, tree, index, seed, command), indent=2, ensure_ascii=False) + "\n",
    }
    if _ready_place(scenario.place) is None:
        files |= {f"{PLACE}/{file}": text for file, text in place_files(scenario.place).items()}
    return files


def archive_of(base: Scenario, tree: Tree, index: int, *, seed: int) -> bytes:
    """Return a branch's files as a zip archive; the same branch gives the same bytes."""
    return zipped(files_of(base, tree, index, seed=seed))


def _scenario_data(scenario: Scenario, name: str) -> dict[str, Any]:
    """Return what the scenario's file says; numbers set by hand stand among its parameters where they hold there."""
    structure = scenario.structure.model_dump(mode="json", exclude_defaults=True)
    return {
        "title": f"{scenario.title or scenario.place.title or scenario.name}: {name}",
        "description": f"Decided month by month on the page Decide, from {scenario.title or scenario.name}.",
        "place": _ready_place(scenario.place) or f"./{PLACE}",
        "pressure": _pressure(scenario.pressure),
        "route": f"./{ROUTE}",
        "months": scenario.months,
        "profile": scenario.profile,
        "without": list(scenario.without) or None,
        "structure": structure or None,
        "parameters": dict(scenario.parameters | scenario.settings) or None,
        "events": [event_data(event) for event in scenario.events],
    }


def _route_data(route: Route, name: str) -> dict[str, Any]:
    phases = []
    for phase in route.phases:
        shares = {key: share for key, share in phase.shares.model_dump().items() if share}
        said = phase.model_dump(mode="json", exclude_defaults=True, exclude={"shares"})
        phases.append(said | {"shares": shares})
    said = route.model_dump(mode="json", exclude={"name", "phases", "title", "description"})
    title = route.title or route.name
    return {"title": f"{title}: {name}", "description": route.description, **said, "phases": phases}


def _about_route(base: Scenario, decisions: Sequence[Decision], seed: int) -> list[str]:
    about = ["A route decided month by month. Shares are those of the learning partner's days."]
    if depends_on_seed(base.route, decisions):
        about.append(
            f"Its months of breadth and depth are those in which windows opened and shut on seed {seed}; "
            "with another seed the opportunistic route would have taken others."
        )
    return about


def _ready_place(place: PlaceFile) -> str | None:
    """Return the name of the ready place that this is; a name of someone's own is never looked up as a path."""
    known = place.name in ready("places") and load_place(place.name).content_hash() == place.content_hash()
    return place.name if known else None


def _pressure(pressure: Pressure) -> str | dict[str, Any]:
    name = pressure.name
    if name in ready("pressures") and load_pressure(name).content_hash() == pressure.content_hash():
        return name
    said = pressure.model_dump(mode="json", exclude_defaults=True, exclude={"name", "events"})
    return said | {"events": [event_data(event) for event in pressure.events]}


def _command(scenario: Scenario, seed: int) -> str:
    """Return the command that runs the files; numbers that a profile or switch would stand over are set on its line."""
    by_file = scenario.changed(parameters=scenario.parameters | scenario.settings, settings={}).numbers
    wanted = scenario.numbers
    by_hand = [
        f"--set {name}={value!r}"
        for name, value in wanted._asdict().items()
        if repr(value) != repr(getattr(by_file, name))
    ]
    return " ".join([f"behaviours run ./{SCENARIO} --seed {seed}", *by_hand])


def _manifest(scenario: Scenario, tree: Tree, index: int, seed: int, command: str) -> dict[str, Any]:
    return {
        "caveat": CAVEAT,
        "kind": "branch",
        "branch": tree.branches[index].name,
        "command": command,
        "seed": seed,
        "months": scenario.months,
        "place": {"name": scenario.place.name, "hash": scenario.place.content_hash()},
        "scenario": {"hash": scenario.content_hash()},
        "version": our_version(),
        "model": MODEL_VERSION,
        "fingerprint": fingerprint(),
    }


ABOUT_FILES = (
    "A branch can be taken along as files: its route, its scenario and all decisions. The command line runs them to "
    "the same numbers, month by month; the command stands at the top of its scenario.toml."
)
ABOUT_NAME = About(
    what="How the branch is called in the chart and the table.", notice="The name is in the link.", words=("Branch",)
)
BY_LUCK = (
    "The opportunistic route goes by luck: its months of breadth and depth are written down here as they come on seed "
    "{seed}. Other seeds, in the spread, take their own; the files run this one."
)


def Listing(desk: Desk) -> solara.Element:
    """Return one card a branch, and a table that lays them side by side."""
    cards = [_card(desk, index) for index in range(len(desk.tree.branches))]
    return Section("Branches", Text(ABOUT_FILES), Box(*cards, kind="b-branches"))


def _card(desk: Desk, index: int) -> solara.Element:
    branch = desk.tree.branches[index]
    parent = desk.tree.branches[branch.parent].name if branch.parent is not None else ""
    by_luck = depends_on_seed(desk.base.route, desk.tree.path(index))
    grew = f"As “{parent}” until month {branch.month}." if parent else "The scenario, as its route plans it."
    return Box(
        TextField(
            f"Name of branch {index + 1}", branch.name, longest=LONGEST_NAME, about=ABOUT_NAME,
            on_choose=lambda name: desk.change(desk.tree.renamed(index, name)),
        ),
        Text(f"{grew} {_stands(desk, index)}"),
        Perhaps(*_decisions(desk, index)),
        Box(
            Button(f"Work on “{branch.name}”", lambda: desk.session.commit(branch=index),
                   disabled=index == desk.index),
            Download(f"Files of “{branch.name}” for the command line",
                     lambda: archive_of(desk.base, desk.tree, index, seed=desk.seed), name=f"{_file(branch.name)}.zip",
                     type="application/zip", disabled=index in desk.problems),
            Button(f"Remove “{branch.name}”", lambda: desk.change(desk.tree.without(index)),
                   disabled=index == 0 and not branch.decisions),
            tag="p", kind="b-buttons",
        ),
        *([Text(BY_LUCK.format(seed=desk.seed), kind="b-hint")] if by_luck else []),
        kind="b-branch", tag="section", aria_label=f"Branch {index + 1}: {branch.name}",
    )  # fmt: skip


def _stands(desk: Desk, index: int) -> str:
    """Say where a branch stands at the month reached, and how far from the one it grew from."""
    if index not in desk.shown:
        return ""
    parent = desk.tree.branches[index].parent
    now = float(desk.series(index, "practice")[desk.now])
    said = f"Practice at month {desk.now}: {level('practice', now)} of 10"
    if parent is None or parent not in desk.shown:
        return f"{said}."
    then = float(desk.series(parent, "practice")[desk.now])
    return (
        f"{said}, {difference('practice', now - then)} against “{desk.tree.branches[parent].name}” under the same luck."
    )


def _decisions(desk: Desk, index: int) -> list[solara.Element]:
    branch = desk.tree.branches[index]
    shares = desk.shares_before(index) if index in desk.shown else {}
    rows = [
        Box(
            decision_sentence(decision, before=shares.get(decision.month), names=desk.names), " ",
            Button(f"Remove the decision of month {decision.month}",
                   lambda month=decision.month: desk.change(_without(desk, index, month)), kind="b-plain"),
            tag="li",
        )
        for decision in branch.decisions
    ]  # fmt: skip
    return [Box(*rows, tag="ul")] if rows else []


def _without(desk: Desk, index: int, month: int) -> Tree:
    kept = tuple(decision for decision in desk.tree.branches[index].decisions if decision.month != month)
    return desk.tree.changed(index, decisions=kept)


def _file(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "branch"
