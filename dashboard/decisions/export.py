"""Write a branch as files that `behaviours run` takes, and that run to the same bits as the page shows."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from dashboard.decisions.decision import Decision, event_data
from dashboard.decisions.place_files import place_files
from dashboard.decisions.text import to_json
from dashboard.decisions.timeline import depends_on_seed, scenario_of
from dashboard.decisions.toml_text import toml_text
from dashboard.decisions.tree import Tree
from experiments.provenance import CAVEAT, our_version
from simulation.fingerprint import fingerprint
from simulation.scenario import PlaceFile, Pressure, Route, Scenario, load_place, load_pressure
from simulation.scenario.find import ready
from simulation.version import MODEL_VERSION

ROUTE, SCENARIO, DECISIONS, MANIFEST, PLACE = "route.toml", "scenario.toml", "decisions.json", "manifest.json", "place"
_DATE = (2020, 1, 1, 0, 0, 0)
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
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files_of(base, tree, index, seed=seed).items():
            entry = zipfile.ZipInfo(path, date_time=_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return stream.getvalue()


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
