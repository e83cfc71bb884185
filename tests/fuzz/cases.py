"""The kinds of input that are put to the test: what is whole, what reads it, and what may come of it."""

import contextlib
import io
import json
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from experiments.calibration.observations import read_targets
from experiments.cli.main import app, main
from experiments.cli.place import write_place
from experiments.errors import BAD_INPUT, CAN_NOT, DONE, INTERRUPTED
from experiments.plan import PLANS, load_plan
from experiments.sensitivity.data import quiet
from simulation.importers import Choices, Upload, import_map, place_files
from simulation.importers.choices import Form
from simulation.scenario import (
    ProblemError,
    Scenario,
    check_place,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
    with_settings,
)
from simulation.scenario.library import library_root
from tests.experiments.command import QUICK, ROOT
from tests.fuzz.mutation import mutated, mutated_words
from tests.simulation.importers.maps import ELEMENTS, matrix, rows, workbook
from tests.simulation.importers.test_fuzz import FILES

LONGEST = 10.0
"""Seconds after which a case counts as hanging."""
KEPT = TemporaryDirectory()
"""Whole results that damaged copies are taken of; removed when the process ends."""
SURVEY = ROOT / "docs" / "how-to" / "survey.csv"
MATRIX_OF_FEW = "id,kind,size\na,council,2\nb,health,1\n"


class HangError(BaseException):
    """A case took too long. No code under test catches it."""


@dataclass(frozen=True)
class Ended:
    """How a case ended: done, refused in the one clear error, or at fault (what is said then)."""

    how: str
    seconds: float
    said: str = ""

    @property
    def at_fault(self) -> bool:
        """Tell whether this must not be."""
        return self.how not in ("done", "refused")


def carry_out(kind: str, number: int) -> Ended:
    """Carry one case out: the same kind and number are the same input everywhere."""
    if kind in ("words", "result"):
        _results()  # made once, and no case's own time
    here = Path.cwd()
    said, left = "", 0.0
    with TemporaryDirectory() as folder, _alarm():
        os.chdir(folder)
        try:
            how = KINDS[kind](Random(f"{kind} {number}"), Path(folder))
        except ProblemError as error:
            how = "refused"
            if not error.problems or not all(one.message and "\n" not in str(one) for one in error.problems):
                how, said = "traceback", f"an error without a word, or a problem of more than a line: {error}"
        except HangError:
            how, said = "hang", traceback.format_exc()
        except (Exception, SystemExit):
            how, said = "traceback", traceback.format_exc()
        finally:
            left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
            os.chdir(here)
    return Ended(how, LONGEST - left, said)


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: Any) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@cache
def _library(kind: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(library_root().glob(f"{kind}*.toml")))


@cache
def _places() -> tuple[tuple[tuple[str, bytes], ...], ...]:
    folders = sorted(path.parent for path in library_root().glob("places/*/place.toml"))
    return tuple(tuple((path.name, path.read_bytes()) for path in sorted(one.iterdir())) for one in folders)


def place(chance: Random, folder: Path) -> str:
    """Read a place of which one file is spoilt."""
    files = dict(chance.choice(_places()))
    if len(files) > 1 and chance.random() < 0.5:
        files["organisations.csv"] = MATRIX_OF_FEW.encode()
        files["relationships.csv"] = b"from,to,strength\na,b,0.5\n"
        files["place.toml"] = b'title = "Few"\ncouncil = "a"\n'
    name = chance.choice(sorted(files))
    files[name] = mutated(files[name], chance)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    problems = check_place(folder)
    try:
        Scenario(place=load_place(folder))
    except ProblemError:
        if problems:
            raise
        return "load_place refuses what check_place lets pass"
    return "check_place finds fault with what load_place reads" if problems else "done"


def part(chance: Random, folder: Path) -> str:
    """Read a spoilt route, pressure or scenario."""
    kind, load = chance.choice((("routes/", load_route), ("pressures/", load_pressure), ("", load_scenario)))
    path = folder / "mine.toml"
    path.write_bytes(mutated(chance.choice(_library(kind)), chance))
    load(path)
    return "done"


def settings(chance: Random, folder: Path) -> str:
    """Take spoilt settings, as --set is given them."""
    whole = ("nu=0.1", "months=12", "structure.noise=none", "trust_gain=0.1", "route.number_of_sites=3", "T0=0.4")
    others = ("structure=", "=", "a.b.c=1", "phases=3", *whole)
    with_settings(Scenario(), mutated_words(chance.sample(whole, 2), others, chance))
    return "done"


MAPS = (
    *FILES,
    ELEMENTS.replace(",", ";").encode(),
    matrix(";").encode(),
    b'Org,Works with\nAge UK,"Foodbank, Council"\nFoodbank,Age UK\n',
    b"source,target,weight,date\nA,B,0.5,2024-01-01\nB,C,50%,2024-02-01\n",
    b'{"nodes":[{"id":1,"label":"A"},{"id":2,"label":"B"}],"links":[{"source":0,"target":1,"value":2}]}',
    workbook(Cover=[["About this map"]], Matrix=rows(matrix())),
)


FORMS: tuple[Form, ...] = (*("",) * 9, "matrix", "edges")


def stakeholder_map(chance: Random, folder: Path) -> str:
    """Import a spoilt map, one in four under any choices; what comes of it loads as it was said to be."""
    columns = ("label", "id", "type", "from", "to", "tie", "weight", "network", "size", "zebra")
    named = ("1", "2", "3", "0", "99999999999", "Label", "Type", "From", "", "Zebra")
    lenient = chance.random() < 0.5
    choices = Choices(
        columns=dict([(chance.choice(columns), chance.choice(named))] if chance.random() < 0.15 else []),
        kinds=dict([(chance.choice(("Charity", "", "Age UK")), chance.choice(("none", "health", "zoo")))]
                   if chance.random() < 0.2 else []),
        only=chance.choice((*[()] * 9, ("Charity",), ("Zebra",))),
        without_types=chance.choice(((), (), (), ("Charity",), ("",))),
        networks=chance.choice((*[()] * 9, ("Connections",), ("Zebra",))),
        drop_dangling=lenient, merge_same_name=lenient,
        weights=chance.choice(("", "", "0-1", "largest", "percent")),
        encoding=chance.choice((*[""] * 9, "utf-8", "latin-1", "utf-16")),
        header=chance.random() < 0.9, at=chance.choice((*[""] * 9, "2024", "2024-02-30", "x")),
        split=chance.choice((*[""] * 7, "comma", "none")), sheets=chance.choice((*[()] * 9, ("Elements",), ("Zebra",))),
        form=chance.choice(FORMS),
    )  # fmt: skip
    if chance.random() < 0.75:
        choices = Choices(drop_dangling=lenient, merge_same_name=lenient)
    uploads = [Upload("first.csv", mutated(chance.choice(MAPS), chance))]
    if chance.random() < 0.3:
        uploads.append(Upload("second", chance.choice(MAPS)))
    imported = import_map(uploads, choices)
    write_place(place_files(imported, title="Fuzz"), folder / "place")
    found = load_place(folder / "place")
    whole = [one.id for one in found.organisations] == [one.id for one in imported.organisations]
    return (
        "done" if whole and len(found.relationships) == len(imported.relationships) else "another place than was said"
    )


@cache
def _plans() -> tuple[bytes, ...]:
    own = (
        b'scenarios = ["generated"]\nroutes = ["none", "blended"]\nmonths = 3\nreplicates = 2\n[design]\n'
        b'type = "table"\nfile = "design.csv"\n',
        b'pressures = ["none", "crisis"]\nfirst_seed = 5\nkeep = "months"\nruns_a_part = 4\n[design]\ntype = "morris"\n'
        b'trajectories = 4\n[factors]\ntrust_gain = "plausible"\n"route.number_of_sites" = [3, 5]\n'
        b'initial_trust = { low = 0.1, high = 0.3 }\n',
    )  # fmt: skip
    return (*(path.read_bytes() for path in sorted(PLANS.glob("*.toml"))), *own, *own)


def plan(chance: Random, folder: Path) -> str:
    """Read a spoilt plan, or a whole one with a spoilt table beside it."""
    content, table = chance.choice(_plans()), b"initial_trust,route\n0.2,none\n0.3,blended\n,none\n"
    if b"design.csv" in content and chance.random() < 0.7:
        table = mutated(table, chance)
    else:
        content = mutated(content, chance)
    (folder / "plan.toml").write_bytes(content)
    (folder / "design.csv").write_bytes(table)
    found = load_plan(folder / "plan.toml")
    found.work.content_hash()
    return "done"


def survey(chance: Random, folder: Path) -> str:
    """Read a spoilt table of observations, with any scale and start."""
    few = b"# scale: 0-10\n# starts: 2024-01\norganisation,date,behaviour,score,respondents\nall,2024-03,all,3.2,12\n"
    content = mutated(chance.choice((SURVEY.read_bytes(), few, few)), chance)
    (folder / "survey.csv").write_bytes(content)
    scale = chance.choice((*[""] * 40, "0-10", "percent", "0-11", "nan"))
    starts = chance.choice((*[""] * 40, "2024-01", "2024-13", "0000-00", "99999999-01"))
    about = chance.choice((None, _gateshead()))
    read_targets(folder / "survey.csv", about, scale=scale, starts=starts)
    return "done"


@cache
def _gateshead() -> Scenario:
    return load_scenario("gateshead")


LINES = tuple(
    tuple(line.split())
    for line in (
        "list parameters", "list --json", "run gateshead --months 2 --seed 7 --set trust_gain=0.1 nu=0",
        "run --place ./town --route blended --months 3 --out mine", "run generated --without evidence --profile lean",
        "compare gateshead --routes none blended", "compare --place town --precision 0.5 --most 40 --out mine",
        "claims route-in --list", "map --dry-run --x initial_pressure=0.9:1.0 --y initial_trust --steps 3",
        "fit survey.csv --scenario gateshead --scale 0-10 --starts 2024-01 --parameters trust_gain nu=0.1..0.2",
        "sweep plan.toml --out mine --executor serial --part 1/2", "sweep plan.toml --dry-run --workers 2",
        "status swept", "merge swept --out mine", "export swept --to csv --out mine",
        "analyse swept --outcome trust",
        "place new mine --in .", "place check town", "check plan.toml --as plan", "check town/place.toml",
        "schema route",
        "place import map.csv --as mine --kind Charity=health --columns from=1,to=2 --weights 0-1",
    )
)  # fmt: skip
FEW = {
    "compare": (("--replicates", "2"), ("--months", "2"), ("--no-report",), ("--no-pressures",), ("--no-structures",)),
    "claims": (("--list",),),
    "map": (("--dry-run",),),
    "fit": (("--dry-run",),),
    "analyse": (("--no-report",), ("--halves", "1")),
    "dashboard": (("--sweep", "nowhere"),),
}  # fmt: skip
"""What a line gets besides where it has lost it, so that a case is a matter of a moment; --precision alone is small."""


def words(chance: Random, folder: Path) -> str:
    """Call the command by spoilt words."""
    for one in _desk().iterdir():
        target = folder / one.name
        shutil.copytree(one, target) if one.is_dir() else shutil.copy(one, target)
    line = mutated_words(chance.choice(LINES), _words(), chance)
    few = [part for name, parts in FEW.items() if name in line for part in parts if part[0] not in line]
    if "--precision" in line:  # which says itself how many
        few = [part for part in few if part[0] != "--replicates"]
    return _called([*line, *(word for part in few for word in part)])


@cache
def _words() -> tuple[str, ...]:
    """Return words that may come into a line: those of other lines, commands, options, and what nobody means."""
    options = (
        "--json",
        "--quiet",
        "--help",
        "--out",
        "--set",
        "--routes",
        "--",
        "-",
        "-h",
        "--month",
        "--above",
        "--to",
    )
    names = (*(one.name or "" for one in app.registered_commands), "place", "import")
    odd = (
        "",
        " ",
        ".",
        "..",
        "con",
        "nul.txt",
        "mine.",
        "x" * 300,
        "é😀",
        "a=5..60",
        "a=1:2",
        "1/0",
        "*",
        "town/",
        "a,b",
    )
    return tuple(word for word in (*(w for line in LINES for w in line), *options, *names, *odd) if word != "warm")


def _called(line: list[str]) -> str:
    """Call the command in this process; say what is wrong with how it ended, if anything is."""
    for name in LIBRARIES:
        if name in line:
            _load(name)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(line)
    said, told = out.getvalue(), err.getvalue()
    if status not in (DONE, CAN_NOT, BAD_INPUT, INTERRUPTED):
        return f"ended with status {status}: {line}"
    if "Traceback" in told or "Traceback" in said:
        return f"showed a traceback: {line}\n{told}"
    before = line[: line.index("--")] if "--" in line else line
    if status != DONE and not told.strip():
        return f"ended with status {status} and not a word: {line}"
    if "--json" in before and not {"--help", "-h", "--version"} & set(before):
        json.loads(said)
    return "done" if status == DONE else "refused"


LIBRARIES = {
    "analyse": ("ema_workbench.analysis.prim", "ema_workbench.analysis.feature_scoring", "SALib.analyze.sobol"),
    "export": ("duckdb", "xarray", "netCDF4", "xlsxwriter"),
}
"""What commands load before they begin."""


@cache
def _load(command: str) -> None:
    """Load a command's libraries while the clock of the case stands."""
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    with quiet():
        for name in LIBRARIES[command]:
            import_module(name)
    signal.setitimer(signal.ITIMER_REAL, max(left, 0.01))


@cache
def _desk() -> Path:
    """Return a folder with a place, a plan, a survey, a map and one of each kind of result, all small."""
    folder = Path(KEPT.name) / "desk"
    folder.mkdir()
    (folder / "plan.toml").write_bytes(
        b'title = "Small"\nscenarios = ["generated"]\nroutes = ["none", "blended"]\nmonths = 2\nreplicates = 2\n'
        b'keep = "months"\nruns_a_part = 3\n[factors]\ninitial_trust = [0.2, 0.4]\n'
    )
    (folder / "map.csv").write_text(ELEMENTS, encoding="utf-8")
    shutil.copy(SURVEY, folder / "survey.csv")
    for line in (
        ("place", "new", "town", "--in", folder),
        ("sweep", folder / "plan.toml", "--out", folder / "swept", "--executor", "serial"),
    ):
        assert _called([*map(str, line)]) == "done"
    return folder


@cache
def _results() -> Path:
    """Return a folder with one of each kind of result."""
    folder = Path(KEPT.name) / "results"
    folder.mkdir()
    shutil.copytree(_desk() / "swept", folder / "swept")
    shutil.copy(_desk() / "plan.toml", folder / "plan.toml")
    for name, line in MADE.items():
        assert _called([*map(str, line), "--out", str(folder / name)]) == "done"
    return folder


MADE: dict[str, tuple[object, ...]] = {
    "compared": ("compare", "generated", "--routes", "none", "blended", "--replicates", 2, *QUICK, "--workers", 1),
    "map": (
        "map", "generated", "--set", "months=2", "--steps", 3, "--most", 20, "--no-report", "--executor", "serial"
    ),
    "run": ("run", "generated", "--months", 2),
}  # fmt: skip
READ: dict[str, tuple[tuple[object, ...], ...]] = {
    "swept": (
        ("status", "swept"), ("resume", "swept", "--executor", "serial"), ("export", "swept", "--out", "new"),
        ("export", "swept", "--to", "duckdb"), ("export", "swept", "--to", "xlsx"),
        ("export", "swept", "--to", "netcdf"),
        ("analyse", "swept", "--no-report", "--halves", 1), ("merge", "swept", "--out", "new"),
        ("sweep", "plan.toml", "--out", "swept", "--executor", "serial"), ("check", "swept"),
        ("dashboard", "--sweep", "swept", "--sweep", "nowhere"),
    ),
    "map": ((*MADE["map"], "--out", "map"), ("dashboard", "--map", "map", "--sweep", "nowhere"), ("status", "map")),
    "compared": ((*MADE["compared"], "--out", "compared"), ("export", "compared")),
    "run": ((*MADE["run"], "--out", "run"), ("analyse", "run")),
}  # fmt: skip


def result(chance: Random, folder: Path) -> str:
    """Go on with, or read, a result's folder in which files are missing, cut, garbled or something else."""
    kind = chance.choice(("swept", "swept", "swept", "map", "compared", "run"))
    shutil.copytree(_results() / kind, folder / kind)
    shutil.copy(_results() / "plan.toml", folder / "plan.toml")
    for _ in range(chance.choice((1, 1, 2))):
        files = sorted(path for path in (folder / kind).rglob("*") if path.is_file())
        if files:
            _damage(chance.choice(files), chance)
    return _called([str(word) for word in chance.choice(READ[kind])])


def _damage(path: Path, chance: Random) -> None:
    how = chance.choice(("mutated", "mutated", "gone", "empty", "cut", "a folder", "another's", "folder gone"))
    if how == "gone":
        path.unlink()
    elif how == "folder gone":
        shutil.rmtree(path.parent)
    elif how == "a folder":
        path.unlink()
        path.mkdir()
    elif how == "another's":
        shutil.copy(chance.choice([one for one in sorted(path.parent.iterdir()) if one.is_file()]), path.with_name("b"))
        path.with_name("b").replace(path)
    else:
        content = path.read_bytes()
        short = {"empty": b"", "cut": content[: len(content) // 2]}
        path.write_bytes(short[how] if how in short else mutated(content, chance))


KINDS: dict[str, Callable[[Random, Path], str]] = {
    "place": place, "part": part, "settings": settings, "map": stakeholder_map, "plan": plan, "survey": survey,
    "words": words, "result": result,
}  # fmt: skip
SHARES = {
    "place": 0.15, "part": 0.15, "settings": 0.05, "map": 0.25, "plan": 0.15, "survey": 0.10, "words": 0.09,
    "result": 0.06,
}  # fmt: skip
"""What part of the whole job each kind has."""
WHOLE = 10_000


def counts(cases: int) -> dict[str, int]:
    """Return how many cases of each kind there are among some.

    >>> sum(counts(10_000).values())
    10000
    """
    return {kind: round(share * cases) for kind, share in SHARES.items()}
