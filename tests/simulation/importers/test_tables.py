"""Files made to overwhelm are refused in seconds, with a message."""

import json
from contextlib import suppress

import pytest

from simulation.scenario import ProblemError
from tests.simulation.importers.maps import said, taken

MANY = 100_000
KEYS = "".join(f'<key id="k{k}" for="node" attr.name="a{k}"><default>1</default></key>' for k in range(2_000))
NODES = "".join(f'<node id="{k}"/>' for k in range(20_000))
FILES = {
    "a column for every element": json.dumps({"elements": [{f"k{k}": 1} for k in range(20_000)], "connections": []}),
    "a default for every node": f"<graphml>{KEYS}<graph>{NODES}</graph></graphml>",
    "many maps": json.dumps({"elements": [{}] * MANY, "connections": [], "maps": [{}] * MANY}),
    "many graphs": "<graphml>" + "<graph/>" * MANY + "</graphml>",
    "many networks": '*Vertices 1\n1 "a"\n' * 1_000,
    "many columns": ",".join(["From", "To", *["a 1"] * MANY]) + "\na,b\n",
    "many elements": "Label\n" + "same\n" * MANY,
    "many ends in a cell": "From,To\n"
    + "|".join(map(str, range(1_000)))
    + ","
    + "|".join(map(str, range(1_000)))
    + "\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_too_much_is_refused(name: str) -> None:
    with pytest.raises(ProblemError, match=r"too large|at most|more than"):
        taken(FILES[name])


@pytest.mark.parametrize(
    "text",
    [
        ",a,b\na," + "0" * 100_000 + "x,1\nb,1,0\n",
        "a b " + "{" * MANY + "\nb c\n",
        '"' * 99_999 + "\n",
        "\n" * MANY + "From,To\na,b\n",
        "x" * MANY,
    ],
)
def test_long_cells_are_quick(text: str) -> None:
    with suppress(ProblemError):
        assert taken(text).organisations


@pytest.mark.slow
def test_many_of_one_name_are_quick() -> None:
    imported = taken("Label,Type\n" + "".join(f"Same,Charity {k}\n" for k in range(5_000)))
    assert len({one.id for one in imported.organisations}) == 5_000
    assert imported.organisations[-1].id == "same-5000"


def test_notes_stay_few() -> None:
    text = '*Vertices 2\n1 "a"\n2 "b"\n*Edges\n1 2\n' + "".join(f"*part{k}\n" for k in range(1_000))
    imported = taken(text)
    assert len(imported.notes) == 201
    assert "more notes" in said(imported)
