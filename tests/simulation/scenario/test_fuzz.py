"""Whatever the bytes, reading a file gives a value object or the one error, and nothing else."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.scenario import (
    PlaceFile,
    Pressure,
    Problem,
    ProblemError,
    Route,
    Scenario,
    check_place,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
    with_settings,
)
from tests.simulation.scenario.conftest import ORGANISATIONS, PLACE, RELATIONSHIPS, Folder

ROUTE = """title = "x"
number_of_sites = 2
order = "sequence"
[[phases]]
months = 20
shares = { help = 0.5, convene = 0.25 }
sites = ["a"]
"""
PRESSURE = """[parameters]
cut_absorbed = 0.5
[budget]
default = [0, 1.0]
[budget.rates]
police = -0.02
[[events]]
type = "restructure"
month = 3
organisations = ["a"]
kinds = ["health"]
"""
SCENARIO = """place = "generated"
route = "none"
months = 12
without = ["evidence"]
[structure]
noise = "none"
[[events]]
type = "closure"
month = 3
organisation = "organisation-3"
"""
PIECES = st.sampled_from(
    [
        *",;\t\"'\n\r=[]{}#.-0é_",
        "",
        "\r\n",
        "1e999",
        "nan",
        "inf",
        "0,5",
        "true",
        "9" * 30,
        "0x1F",
        "2020-01-01",
        '"""',
        "council",
        "trust",
        "kind",
        "health",
        "\ufeff",
        "\0",
        "\u2028",
    ]
)
QUICK = settings(max_examples=120, deadline=None)


@st.composite
def mutated(draw, text):
    """Draw a text with a few pieces cut out, doubled or put in, as bytes."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(PIECES) + text[start if draw(st.booleans()) else stop :]
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "utf-8-sig"])))


def outcome(load, source):
    """Return what a loader gives: a value object, or the one error, whose text can be shown."""
    try:
        return load(source)
    except ProblemError as error:
        result = error
    assert result.problems
    assert str(result).strip()
    return result


def loaded_from(content, load, name="file.toml"):
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return outcome(load, path)


@QUICK
@given(st.binary(max_size=200) | mutated(ROUTE))
def test_any_route(content):
    assert isinstance(loaded_from(content, load_route), Route | ProblemError)


@QUICK
@given(mutated(PRESSURE))
def test_any_pressure(content):
    assert isinstance(loaded_from(content, load_pressure), Pressure | ProblemError)


@QUICK
@given(mutated(SCENARIO))
def test_any_scenario(content):
    assert isinstance(loaded_from(content, load_scenario), Scenario | ProblemError)


@QUICK
@given(
    st.sampled_from(
        [("organisations.csv", ORGANISATIONS), ("relationships.csv", RELATIONSHIPS), ("place.toml", PLACE)]
    ),
    st.data(),
)
def test_any_place(which, data):
    name, text = which
    content = data.draw(st.binary(max_size=200) | mutated(text))
    with TemporaryDirectory() as path:
        folder = Folder(Path(path) / "mine")
        folder.write(name, content)
        result = outcome(load_place, folder.path)
        assert isinstance(result, PlaceFile | ProblemError)
        problems = check_place(folder.path)
        assert all(isinstance(problem, Problem) for problem in problems)
        assert bool(problems) == isinstance(result, ProblemError)


@QUICK
@given(
    st.lists(
        st.lists(st.sampled_from(["", "a", "b", "c", "0.5", "2", "council", "id", "kind"]), max_size=7), max_size=6
    )
)
def test_any_table_of_plausible_cells(rows):
    text = "id,kind,size,practice\n" + "\n".join(",".join(row) for row in rows)
    with TemporaryDirectory() as path:
        folder = Folder(Path(path) / "mine")
        folder.write("organisations.csv", text)
        assert isinstance(outcome(load_place, folder.path), PlaceFile | ProblemError)


@QUICK
@given(
    st.lists(
        st.text(max_size=12)
        | st.builds("{}={}".format, st.sampled_from(["nu", "months", "structure.noise"]), st.text(max_size=8)),
        max_size=4,
    )
)
def test_any_settings(texts):
    assert isinstance(outcome(lambda given: with_settings(Scenario(), given), texts), Scenario | ProblemError)


@QUICK
@given(st.text(max_size=20))
def test_any_name(text):
    assert isinstance(outcome(load_route, text), Route | ProblemError)
