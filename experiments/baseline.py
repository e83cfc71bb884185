"""Numbers kept in files: headlines, patterns, claims."""

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import TypeAdapter

from experiments.claims import Answer, ClaimFinding, ClaimsPlan, factors, space
from experiments.contrast import arms_on
from experiments.design import columns
from experiments.essay_claims import CLAIMS
from experiments.executors import Executor
from experiments.model_patterns import FAMILIES
from experiments.patterns import PatternFinding
from experiments.replicates import Replicates
from experiments.structures import ALTERNATIVES
from simulation import MODEL_VERSION
from simulation.numba_cache import kernels_hash
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario, available, load_place, load_route

HEADLINES_FILE = Path(__file__).parent.parent / "tests" / "experiments" / "headlines.csv"
SEEDS = range(30_000, 30_020)
DECIMALS = 6
TOLERANCE = 1e-6
READINGS = {
    "practice at 24": ("practice", 24),
    "practice at 60": ("practice", 60),
    "practice at 120": ("practice", 120),
    "trust at 120": ("trust", 120),
    "pressure at 120": ("pressure", 120),
    "failure-demand share at 120": ("failure_demand_share", 120),
    "infrastructure at 120": ("infrastructure", 120),
}
"""Columns: a series at the end of a programme month."""
SERIES = tuple(dict.fromkeys(series for series, _ in READINGS.values()))

Headlines = dict[tuple[str, str], dict[str, float]]
"""Mean by (place, route) and column."""


def headlines(seeds: Sequence[int] = SEEDS, *, executor: Executor | None = None) -> Headlines:
    """Return the headline numbers of every ready place and route, means over the seeds."""
    routes = [load_route(route.name) for route in available("routes")]
    arms = {
        place.name: {route.name: Scenario(place=load_place(place.name), route=route, months=120) for route in routes}
        for place in available("places")
    }
    with arms_on(seeds, arms.values(), executor=executor, series=SERIES) as runs:
        found = {place: runs(here) for place, here in arms.items()}
    return {(place, route): means(one) for place, here in found.items() for route, one in here.items()}


def means(runs: Replicates) -> dict[str, float]:
    """Return an arm's headline numbers, means over its seeds."""
    return {
        column: round(float(np.mean(runs.at(series, month))), DECIMALS) for column, (series, month) in READINGS.items()
    }


def read_headlines(path: Path = HEADLINES_FILE) -> Headlines:
    """Return the numbers that a file holds."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row.pop("place"), row.pop("route")): {column: float(value) for column, value in row.items()}
            for row in csv.DictReader(lines)
        }


def write_headlines(numbers: Headlines, path: Path = HEADLINES_FILE) -> None:
    """Write the numbers to a file, a row a place and route."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(["place", "route", *READINGS])
        for (place, route), values in numbers.items():
            table.writerow([place, route, *(f"{values[column]:.{DECIMALS}f}" for column in READINGS)])


def moved(before: Headlines, now: Headlines) -> list[str]:
    """Return a line for each number that is not what it was, rows that came or went among them."""
    lines = [f"{place}, {route}: new" for place, route in now if (place, route) not in before]
    lines += [f"{place}, {route}: gone" for place, route in before if (place, route) not in now]
    for key in before.keys() & now.keys():
        for column in sorted(before[key].keys() | now[key].keys()):
            was, is_now = before[key].get(column, np.nan), now[key].get(column, np.nan)
            if not abs(was - is_now) <= TOLERANCE:
                lines.append(f"{key[0]}, {key[1]}, {column}: was {was:.6f}, is {is_now:.6f}")
    return sorted(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare with the file, or write it; return 1 where numbers moved and were not written."""
    parser = argparse.ArgumentParser(prog="python -m experiments.baseline", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the file anew")
    parser.add_argument(
        "--file", type=Path, default=HEADLINES_FILE, help="the file (default: tests/experiments/headlines.csv)"
    )
    options = parser.parse_args(arguments)
    now = headlines()
    lines = moved(read_headlines(options.file) if options.file.exists() else {}, now)
    print("\n".join(lines) or "No headline number has moved.")
    if options.write:
        write_headlines(now, options.file)
        if lines:
            print("Written. Say in CHANGELOG.md, under Model numbers, which moved and why.")
        return 0
    return int(bool(lines))


# Say in what share of parameter space the primary contrast holds, from the packaged file that `make claims` writes.
#
# Reports and pages say what this file says. Where it is missing, changed by hand, or of another model than this one,
# they
# say that it is not yet measured, and why.


CLAIMS_FILE = Path(__file__).parent / "essay_claims.json"
NOT_YET = "not yet measured"


class Measured(NamedTuple):
    """The file's content, or None with a note that says why there is none for this model."""

    content: dict[str, Any] | None
    note: str = ""


@cache
def measured(path: Path = CLAIMS_FILE) -> Measured:
    """Read the file."""
    from simulation import MODEL_VERSION

    try:
        content = read_findings(path)
        version, parameters = content["model"]["version"], content["model"]["parameters"]
    except FileNotFoundError:
        return Measured(None, f"there is no {path.name}: `make claims` writes it")
    except (OSError, ValueError, KeyError, TypeError):
        return Measured(None, f"{path.name} can’t be used: it is not what `make claims` wrote")
    if version != MODEL_VERSION:
        return Measured(None, f"it was measured with model version {version}, and this is {MODEL_VERSION}")
    if parameters != parameters_hash():
        return Measured(None, "it was measured with other parameters than this model has")
    return Measured(content)


# Write findings to a file and read them back, with what they were found on and a hash of it all.


PROFILES = ("full", "lean")
DIGITS = 9


def digest(content: Any) -> str:
    """Return a hash of plain content (64 hexadecimal digits)."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def parameters_hash() -> str:
    """Return a hash of every parameter's name and default."""
    return digest({parameter.name: float(parameter.default) for parameter in PARAMETERS})


def arms_hash() -> str:
    """Return a hash of every check's arms, with and without its mechanism, under both profiles."""
    return digest(
        {
            f"{check.name} {profile} {without}": {
                name: arm.content_hash() for name, arm in check.varied(profile=profile, without=without).items()
            }
            for family in FAMILIES
            for check in family.checks
            for profile in PROFILES
            for without in (False, True)
        }
    )


def pattern_probes(seed: int) -> dict[str, dict[str, float]]:
    """Return practice at the end of one run of every arm, by check: what shows that the model has moved."""
    return _probes({check.name: check.varied() for family in FAMILIES for check in family.checks}, seed)


def _probes(variants: Mapping[str, Mapping[str, Scenario]], seed: int) -> dict[str, dict[str, float]]:
    with arms_on([seed], variants.values()) as runs:
        return {
            name: {one: round(float(found.series["practice"][0, -1]), DIGITS) for one, found in runs(arms).items()}
            for name, arms in variants.items()
        }


def patterns_content(findings: Mapping[str, Sequence[PatternFinding]]) -> dict[str, Any]:
    """Return findings by profile as plain content, with seeds, hashes and probes."""
    first = next(iter(findings.values()))[0]
    content: dict[str, Any] = {
        "about": "Pattern checks on paired seeds; docs/patterns.md is made from this file. Made by make patterns.",
        "seeds": {"first": first.first_seed, "number": first.seeds},
        "model": {"parameters": parameters_hash(), "arms": arms_hash(), "kernels": kernels_hash()},
        "findings": {profile: [_plain(asdict(finding)) for finding in some] for profile, some in findings.items()},
        "probes": pattern_probes(first.first_seed),
    }
    return content | {"hash": digest(content)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def write_findings(content: dict[str, Any], path: Path) -> None:
    """Write content to a file, replacing it as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def read_findings(path: Path) -> dict[str, Any]:
    """Read content back. Raises ValueError where the hash in it is not its own."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if digest({key: value for key, value in content.items() if key != "hash"}) != content["hash"]:
        msg = f"{path} was changed by hand: its hash is not that of its content"
        raise ValueError(msg)
    return content


def pattern_findings_in(content: Mapping[str, Any]) -> dict[str, list[PatternFinding]]:
    """Return the findings in stored content, by profile."""
    return TypeAdapter(dict[str, list[PatternFinding]]).validate_python(content["findings"])


# Store what was found at full scale, with what it was found on and a hash of it all; read it back.


ABOUT = "What the essay's claims came to; docs/claims.md is made from this file. Made by make claims."


def claims_content(answer: Answer) -> dict[str, Any]:
    """Return what was found as plain content, with model version, hashes and probes."""
    content: dict[str, Any] = {
        "made_by": ABOUT,
        "model": {"version": MODEL_VERSION, "parameters": parameters_hash(), "experiments": experiments_hash()},
        "about": answer.about,
        "findings": [rounded(asdict(finding)) for finding in answer.findings],
        "probes": claim_probes(answer.about["first_seed"]),
    }
    return content | {"hash": digest(content)}


def rounded(value: Any) -> Any:
    """Return plain content with its numbers to nine digits."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def claim_findings_in(content: Mapping[str, Any]) -> tuple[ClaimFinding, ...]:
    """Return the findings in stored content."""
    return TypeAdapter(tuple[ClaimFinding, ...]).validate_python(content["findings"])


def experiments_hash() -> str:
    """Return a hash of every arm, with and without its mechanism, of every alternative, and of the space's points."""
    arms = _arms()
    said = {name: scenario.content_hash() for name, scenario in arms.items()}
    one = next(iter(arms.values()))
    said |= {alternative.name: alternative.change(one).content_hash() for alternative in ALTERNATIVES}
    blocks = [columns(work.design, work.factors) for _, work in space(ClaimsPlan(claims=CLAIMS))]
    points = [[np.asarray(values, dtype=float).round(DIGITS).tolist() for values in block] for block in blocks]
    return digest([said, [factor.name for factor in factors()], points])


def claim_probes(seed: int) -> dict[str, float]:
    """Return practice at the end of one run of every arm: what shows that the model has moved."""
    return _probes({"claims": _arms()}, seed)["claims"]


def _arms() -> dict[str, Scenario]:
    return {
        f"{claim.name}: {arm}{', without' if ablated else ''}": scenario
        for claim in CLAIMS
        for ablated in (False, True)
        for arm, scenario in claim.scenarios(ablated=ablated).items()
    }


if __name__ == "__main__":
    sys.exit(main())
