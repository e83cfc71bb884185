"""Whatever the bytes, an import gives a place that checks clean, or the one clear error, and nothing else."""

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
PIECES = st.sampled_from(
    [
        *(character.encode() for character in ",;\t|\"'\n\r=[]{}<>&*#%-+0é_\u200b\u2028😀"),
        b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n", b"From", b"To", b"Label", b"Type",
        b"1e999", b"NaN", b"-0", b"99999999999999999999", b"*Vertices 9", b"*Matrix", b"<graph>", b"</node>",
        b"\\ud800", b"<!DOCTYPE x>", b"Person", b"=1+1", b"/" * 300, b'"\n', b"[[[[", b"true", b"null",
    ]
)  # fmt: skip
CHOICES = st.builds(
    Choices,
    columns=st.dictionaries(
        st.sampled_from(["label", "id", "type", "from", "to", "tie", "weight", "network", "size", "zebra"]),
        st.sampled_from(["1", "2", "3", "0", "99999999999", "Label", "Type", "From", "", "Zebra"]),
        max_size=2,
    ),
    kinds=st.dictionaries(
        st.sampled_from(["Charity", "", "Age UK"]), st.sampled_from(["none", "health", "zoo"]), max_size=1
    ),
    only=st.sampled_from([(), ("Charity",), ("",), ("Zebra",)]),
    without_types=st.sampled_from([(), (), ("Charity",), ("",)]),
    networks=st.sampled_from([(), (), ("Connections",), ("Zebra",)]),
    drop_dangling=st.booleans(),
    merge_same_name=st.booleans(),
    weights=st.sampled_from(["", "0-1", "largest", "percent"]),
    encoding=st.sampled_from(["", "", "utf-8", "latin-1", "utf-16"]),
    header=st.sampled_from([True, True, False]),
    form=st.sampled_from(["", "", "matrix", "edges", "adjacency", "memberships"]),
    at=st.sampled_from(["", "", "", "2021-06-01", "3"]),
)
LENIENT = Choices(drop_dangling=True, merge_same_name=True)


@st.composite
def mutated(draw: st.DrawFn, most: int = 4) -> bytes:
    """Return one of the files with pieces put in, taken out or put twice."""
    content = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 1, 3, 20, 200]))
        piece = draw(PIECES | st.just(content[start : start + 40]))
        content = content[:start] + piece + content[start + length :]
    return content


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


@settings(max_examples=200, deadline=None)
@given(mutated(), CHOICES)
def test_mutated_files_and_any_choices(content: bytes, choices: Choices) -> None:
    outcome([content], choices)


@settings(max_examples=100, deadline=None)
@given(mutated(most=2), st.sampled_from(FILES))
def test_mutated_pairs_read_leniently(content: bytes, other: bytes) -> None:
    outcome([content, other], LENIENT)


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
