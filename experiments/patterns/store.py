"""Write findings to a file and read them back, with what they were found on and a hash of it all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.patterns.families import FAMILIES
from experiments.patterns.finding import Finding, Without
from experiments.patterns.run import as_run
from simulation.course import simulate
from simulation.kernel_cache import kernel_sources
from simulation.parameters import PARAMETERS

PROFILES = ("full", "lean")
DIGITS = 9


def digest(content: Any) -> str:
    """Return a hash of plain content (64 hexadecimal digits)."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def parameters_hash() -> str:
    """Return a hash of every parameter's name and default."""
    return digest({parameter.name: float(parameter.default) for parameter in PARAMETERS})


def kernels_hash() -> str:
    """Return a hash of the text of the compiled mechanisms: it tells which text was run, comments and all."""
    return digest({path.name: path.read_text(encoding="utf-8") for path in kernel_sources()})


def arms_hash() -> str:
    """Return a hash of every check's arms, with and without its mechanism, under both profiles."""
    return digest(
        {
            f"{check.name} {profile} {without}": {
                name: arm.scenario.content_hash() for name, arm in as_run(check, profile, without=without).items()
            }
            for family in FAMILIES
            for check in family.checks
            for profile in PROFILES
            for without in (False, True)
        }
    )


def probes(seed: int) -> dict[str, dict[str, float]]:
    """Return practice at the end of one run of every arm, by check: what shows that the model has moved."""
    return {
        check.name: {
            name: round(float(simulate(arm.scenario, seed)["practice"][-1]), DIGITS)
            for name, arm in as_run(check, "full").items()
        }
        for family in FAMILIES
        for check in family.checks
    }


def content_of(findings: Mapping[str, Sequence[Finding]]) -> dict[str, Any]:
    """Return findings by profile as plain content, with seeds, hashes and probes."""
    first = next(iter(findings.values()))[0]
    content: dict[str, Any] = {
        "about": "Pattern checks on paired seeds; docs/patterns.md is made from this file. Made by make patterns.",
        "seeds": {"first": first.first_seed, "number": first.seeds},
        "model": {"parameters": parameters_hash(), "arms": arms_hash(), "kernels": kernels_hash()},
        "findings": {profile: [_plain(asdict(finding)) for finding in some] for profile, some in findings.items()},
        "probes": probes(first.first_seed),
    }
    return content | {"hash": digest(content)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def write(content: dict[str, Any], path: Path) -> None:
    """Write content to a file, replacing it as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def read(path: Path) -> dict[str, Any]:
    """Read content back. Raises ValueError where the hash in it is not its own."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if digest({key: value for key, value in content.items() if key != "hash"}) != content["hash"]:
        msg = f"{path} was changed by hand: its hash is not that of its content"
        raise ValueError(msg)
    return content


def findings_in(content: Mapping[str, Any]) -> dict[str, list[Finding]]:
    """Return the findings in stored content, by profile."""
    return {
        profile: [Finding(**(one | {"without": Without(**one["without"]) if one["without"] else None})) for one in some]
        for profile, some in content["findings"].items()
    }
