"""Whatever the bytes and names, an import gives a place that checks clean, or the one clear error.

Spoilt files of every form, under any choices, are put to it by `tests/fuzz`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from experiments.cli.place import write_place
from simulation.importers import Choices, Imported, Upload, import_map, place_files
from simulation.scenario import ProblemError, load_place
from tests.simulation.importers.maps import (
    APOC,
    CANVAS,
    CONNECTIONS,
    ELEMENTS,
    GEXF,
    GML,
    GRAPHML,
    JSON_GRAPH,
    PAJEK,
    TGF,
    VNA,
    archive,
    draw_io,
    kumu,
    matrix,
    open_document,
    open_table,
    rows,
    workbook,
)

BOOK = workbook(Elements=rows(ELEMENTS), Connections=rows(CONNECTIONS))
FILES = (
    *(text.encode() for text in (ELEMENTS, CONNECTIONS, GRAPHML, GEXF, PAJEK, kumu(), matrix(), matrix("\t", "NA"))),
    *(text.encode() for text in (GML, VNA, TGF, JSON_GRAPH, CANVAS, APOC, draw_io(packed=False), draw_io(packed=True))),
    "Label,Type\nГорсовет Нижнего,Орган власти\nФонд Мост,НКО\n".encode("windows-1251"),
    b"Age UK,Mind,Foodbank\nMind,Hill Homes\nHill Homes\n",
    archive({"a.csv": ELEMENTS, "b.csv": CONNECTIONS}),
    open_document(open_table("Who", rows(ELEMENTS)) + open_table("Ties", rows(CONNECTIONS))),
    BOOK,
)
LENIENT = Choices(drop_dangling=True, merge_same_name=True)


def outcome(contents: list[bytes], choices: Choices) -> Imported | None:
    """Import, write and load again, or meet the one error."""
    problem: ProblemError | None = None
    try:
        imported = import_map([Upload(f"file-{k}", content) for k, content in enumerate(contents)], choices)
    except ProblemError as error:
        problem = error
    if problem is not None:
        assert problem.problems
        assert all(one.message and "\n" not in str(one) for one in problem.problems)
        return None
    assert imported.organisations
    with TemporaryDirectory() as folder:
        write_place(place_files(imported, title="Fuzz"), Path(folder) / "place")
        place = load_place(Path(folder) / "place")
    assert [one.id for one in place.organisations] == [one.id for one in imported.organisations]
    assert len(place.relationships) == len(imported.relationships)
    return imported


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=2))
@example([b"PK\x03\x04" + b"\0" * 50])
@example([b'{"nodes":[{"id":"\\ud800"}],"links":[]}'])
@example([b'{"nodes":[' + b"1" * 5000 + b"]}"])
def test_random_bytes(contents: list[bytes]) -> None:
    outcome(contents, Choices())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_names_make_a_place_that_loads(one: str, other: str, kind: str) -> None:
    quoted = [f'"{text.replace(chr(34), chr(39))}"' for text in (one, other, kind)]
    text = f"Label,Type\nCouncil,Council\n{quoted[0]},{quoted[2]}\n{quoted[1]},Charity\n"
    imported = outcome([text.encode("utf-8", "replace")], Choices(kinds={"Council": "council"}))
    if imported is not None:
        assert "Council" in [organisation.name for organisation in imported.organisations]


def test_files_as_they_are_make_places() -> None:
    assert all(outcome([content], LENIENT) is not None for content in FILES)
