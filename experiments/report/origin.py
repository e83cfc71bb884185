"""Say where the numbers come from and how to get them again."""

import shlex
from typing import Any

from experiments.comparison import Comparison
from experiments.reading import described, title
from experiments.report.html import Html, el, join, table


def origin(comparison: Comparison) -> Html:
    """Return version, seeds, hashes, libraries, and the command that makes this report again."""
    manifest = comparison.manifest
    rows = [[name, value] for name, value in facts(manifest) if value not in (None, "", {})]
    hashes = [
        [title(comparison, name), kind, el("code", described(comparison, f"{kind}s", name).get("hash", "")[:16])]
        for kind, names in (("scenario", comparison.scenarios), ("route", comparison.routes))
        for name in names
        if described(comparison, f"{kind}s", name).get("hash")
    ]
    command = manifest.get("command")
    return join(
        [
            el("h2", "Where this comes from", id="origin"),
            table("Provenance", ["What", "Value"], rows, numbers_from=None),
            table("Content hashes of what was compared", ["Name", "Kind", "Hash"], hashes, numbers_from=None)
            if hashes
            else None,
            el("h3", "To get it again"),
            el("pre", el("code", command if isinstance(command, str) else shlex.join(map(str, command))))
            if command
            else None,
            el(
                "p",
                "The same command gives the same bits on the same platform; on another processor results agree to "
                "about 1e-9, and the fingerprint tells the difference.",
            ),
        ]
    )


def facts(manifest: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return what a manifest says of version, seeds, platform and libraries; what it does not say is None or empty."""
    seeds, libraries = manifest.get("seeds") or {}, manifest.get("libraries") or {}
    commit = manifest.get("commit")
    changed = " with changes that were not committed" if manifest.get("uncommitted_changes") else ""
    return [
        ("Version", f"behaviours {manifest['version']}" if manifest.get("version") else None),
        ("Commit", f"{commit}{changed}" if commit else None),
        ("Seeds", f"{seeds['first']} to {seeds['last']}, the same for every route" if "first" in seeds else None),
        ("Replicates", manifest.get("replicates")),
        ("Replicates under pressures", manifest.get("replicates_under_pressures") or None),
        ("Replicates under structures", manifest.get("replicates_under_structures") or None),
        ("Platform fingerprint", manifest.get("fingerprint")),
        ("Platform", manifest.get("platform")),
        ("Python", manifest.get("python")),
        ("Libraries", ", ".join(f"{name} {version}" for name, version in libraries.items())),
        ("Written", manifest.get("written")),
    ]
