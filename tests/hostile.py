"""Names that mean something to whatever shows them: HTML, charts' templates, spreadsheets, figures, scripts."""

import csv
import io
import json
from pathlib import Path

HOSTILE = (
    "<img src=x onerror=window.hacked=1>",
    "</text></script><script>window.hacked=1</script>",
    "<svg onload=window.hacked=1>",
    "{b} {c0} {b0} {@[0]} {@value} {d}",
    "{a|rich} {value} {yyyy}",
    "$& $` $' $1",
    "{{ window.hacked = 1 }} ${window.hacked=1}",
    "javascript:window.hacked=1",
    "=HYPERLINK(1)",
    "+1+1",
    "@SUM(A1)",
    "-cmd|x",
    "'=kept",
    "$\\frac{1}{$",
    "_hidden",
    "__proto__",
    "constructor",
    "&lt;b&gt; & co",
    '" onmouseover="window.hacked=1',
    "[bold red]markup[/] [/]",
)


def csv_of(header: str, rows: list[list[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return stream.getvalue()


def organisations() -> str:
    kinds = ("council", "health", "community")
    return csv_of(
        "id,name,kind,role,size", [[f"o{k}", name, kinds[k and 1 + k % 2], name, 1] for k, name in enumerate(HOSTILE)]
    )


def relationships() -> str:
    ties = [[f"o{k}", f"o{(k + 1) % len(HOSTILE)}", 0.5, name] for k, name in enumerate(HOSTILE)]
    return csv_of("from,to,strength,kind", ties)


def text(name: str) -> str:
    """Return a TOML string."""
    return json.dumps(name, ensure_ascii=False)


def place_toml(name: str = HOSTILE[0]) -> str:
    said = text(name)
    return f"title = {said}\ndescription = {said}\nneed = {said}\ndays = 20\ndays_reason = {said}\n"


def place_folder(folder: Path, name: str = HOSTILE[0]) -> Path:
    folder.mkdir(parents=True)
    (folder / "place.toml").write_text(place_toml(name), encoding="utf-8")
    (folder / "organisations.csv").write_text(organisations(), encoding="utf-8")
    (folder / "relationships.csv").write_text(relationships(), encoding="utf-8")
    return folder
