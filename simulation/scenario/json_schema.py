"""Generate JSON Schemas of the files that people edit, so that an editor can complete and check them.

`python -m simulation.scenario.json_schema FOLDER` writes them; docs/schemas/ holds what it wrote.
"""

import json
import sys
from pathlib import Path
from typing import Any

from simulation.ablations import WITHOUT
from simulation.parameters import BY_NAME
from simulation.scenario.files import PlaceDocument, ScenarioDocument
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Route
from simulation.vocabulary import ACTIVITIES, KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file: place (place.toml), route, pressure, scenario."""
    route, pressure = _schema(Route), _schema(Pressure)
    scenario = _schema(ScenarioDocument)
    for name, part in (("route", route), ("pressure", pressure)):
        table = {key: value for key, value in part.items() if key not in ("$schema", "$defs")}
        scenario["$defs"] = scenario.get("$defs", {}) | part.get("$defs", {}) | {name: table}
        named = {"type": "string", "description": f"a ready {name}'s name, or a path from this file's folder"}
        scenario["properties"][name] = {"anyOf": [named, {"$ref": f"#/$defs/{name}"}], "default": "none"}
    scenario["properties"]["without"]["items"] = {
        "enum": list(WITHOUT),
        "description": "; ".join(f"{name}: {switch.meaning}" for name, switch in WITHOUT.items()),
    }
    return {"place": _schema(PlaceDocument), "pressure": pressure, "route": route, "scenario": scenario}


def schema_text(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write each schema as NAME.json into the folder and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        path = folder / f"{name}.json"
        path.write_text(schema_text(schema), encoding="utf-8")
        paths.append(path)
    return paths


def _schema(model: Any) -> Schema:
    """Return a model's schema as its file is written: without a name, parameters and kinds spelt out."""
    schema = _without_titles(model.model_json_schema())
    schema["properties"].pop("name", None)
    for part in (schema, *schema.get("$defs", {}).values()):
        properties = part.get("properties", {})
        if "parameters" in properties:
            properties["parameters"] = {"$ref": "#/$defs/parameters"}
        if "const" in properties.get("type", {}):
            part["required"] = ["type", *part.get("required", [])]
        if "rates" in properties:
            rate = properties["rates"]["additionalProperties"]
            properties["rates"] = {
                "type": "object",
                "properties": {kind.id: _rate(rate, kind.meaning) for kind in KINDS},
                "additionalProperties": False,
            }
            properties["default"] = _rate(rate, "kinds without a rate of their own")
        if "kinds" in properties:
            properties["kinds"]["items"] = {"enum": [kind.id for kind in KINDS]}
    if "parameters" in schema["properties"]:
        schema["$defs"]["parameters"] = _parameters()
    shares = schema.get("$defs", {}).get("Shares", {"properties": {}})["properties"]
    for activity in ACTIVITIES:
        shares.setdefault(activity.id, {})["description"] = f"share of the days: {activity.meaning}"
    return {"$schema": DIALECT} | schema


def _rate(rate: Schema, description: str) -> Schema:
    """Return the schema of a yearly change of budget: one number, or one for each year."""
    return {"description": f"yearly real change: {description}", "anyOf": [rate["items"], rate]}


def _parameters() -> Schema:
    return {
        "type": "object",
        "description": "numbers of the model that differ from their defaults",
        "properties": {
            name: {
                "type": "number",
                "minimum": parameter.hard_low,
                "maximum": parameter.hard_high,
                "default": parameter.default,
                "description": f"{parameter.meaning} ({parameter.unit}; {parameter.basis})",
            }
            for name, parameter in BY_NAME.items()
        },
        "additionalProperties": False,
    }


def _without_titles(part: Any) -> Any:
    """Drop the titles that pydantic makes from names; a property that is called title stays."""
    if isinstance(part, list):
        return [_without_titles(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {name: _without_titles(value) for name, value in inner.items()}
        if key in ("properties", "$defs")
        else _without_titles(inner)
        for key, inner in part.items()
        if not (key == "title" and isinstance(inner, str))
    }


if __name__ == "__main__":
    for written in write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schemas")):
        print(written)
