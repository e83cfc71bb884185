"""Hold docs/odd.md against the code it is generated from."""

import re
from pathlib import Path

import pytest

from experiments.reporting.markdown import FILLED, GENERATED, ODD_PAGE, SUBMODELS, filled
from simulation.outcomes import OUTCOMES
from simulation.parameters import PARAMETERS


@pytest.mark.parametrize("path", FILLED, ids=lambda path: path.name)
def test_page_is_what_the_code_says(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert filled(page) == page, "run `make docs`"


def test_every_generated_table_is_on_a_page() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in FILLED)
    assert sorted(re.findall(r"<!-- generated: ([\w-]+) -->", texts)) == sorted(GENERATED)


def test_a_changed_number_is_noticed() -> None:
    page = ODD_PAGE.read_text(encoding="utf-8")
    first = PARAMETERS[0]
    changed = page.replace(
        f"| `{first.name}` | {first.symbol} | {first.default:g} ", f"| `{first.name}` | {first.symbol} | 9 "
    )
    assert changed != page
    assert filled(changed) == page


def test_every_series_and_mechanism_is_described() -> None:
    assert all(one.definition or one.meaning for one in OUTCOMES)
    files = {path.stem for path in (ODD_PAGE.parent.parent / "simulation" / "mechanisms").glob("*.py")}
    assert files - {"__init__", "arithmetic"} == set(SUBMODELS)


def test_the_seven_elements_are_there() -> None:
    headings = re.findall(r"^## \d\. (.+)$", ODD_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialisation",
        "Input data",
        "Submodels",
    ]
