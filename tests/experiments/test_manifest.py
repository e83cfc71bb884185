"""A file of a result folder is lost, cut short or garbled: one line names it, and what helps."""

import random
import shutil

import polars as pl
import pytest

from experiments.cli.main import main
from experiments.manifest import faults
from experiments.reporting.result_files import write_map
from experiments.route_map import carry_out, plan_map
from experiments.runner import sweep
from experiments.store import JOURNAL
from tests.experiments.plans import plan_file, runs_of

HARMS = ("lost", "cut", "emptied", "garbled", "turned", "folder")
MAP = plan_map(month=2, steps=2, most=20)


def harm(path, how, chance):
    """Do to a file what disks and people do."""
    content = path.read_bytes()
    path.unlink()
    at = chance.randrange(len(content)) if content else 0
    match how:
        case "cut":
            path.write_bytes(content[: at // 2])
        case "emptied":
            path.write_bytes(b"")
        case "garbled":
            path.write_bytes(content[:at] + chance.randbytes(20) + content[at + 20 :])
        case "turned":  # one digit is another
            digits = [k for k, byte in enumerate(content) if 48 <= byte <= 57] or [at]
            k = chance.choice(digits)
            path.write_bytes(content[:k] + bytes([48 + (content[k] - 47) % 10 if content else 48]) + content[k + 1 :])
        case "folder":
            path.mkdir()


def files_of(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished sweep with months, and a finished map."""
    root = tmp_path_factory.mktemp("whole")
    sweep(plan_file(root, points=2, keep="months"), root / "sweep")
    carry_out(MAP, root / "map", report=False, write=write_map)
    return root


def commands(kind, folder, out):
    """All commands that read a folder, those that mend it last."""
    if kind == "map":
        return [["map", "--month", "2", "--steps", "2", "--most", "20", "--no-report", "--out", str(folder)]]
    return [
        ["status", str(folder)],
        ["export", str(folder), "--to", "csv", "--out", str(out / "export")],
        ["export", str(folder), "--to", "duckdb", "--out", str(out / "export")],
        ["analyse", str(folder), "--no-report", "--halves", "0", "--out", str(out / "analysis")],
        ["merge", str(folder), "--out", str(out / "merged")],
        ["sweep", str(folder.parent / "plan.toml"), "--out", str(folder), "--executor", "serial"],
        ["resume", str(folder), "--executor", "serial"],
    ]


def check(kind, whole, tmp_path, names, hows, capsys):
    """Harm each file in turn, and run every command on it; each case has luck of its own."""
    mended = 0
    for number, (name, how) in enumerate((file, how) for file in names for how in hows(file)):
        place = tmp_path / str(number)
        folder = place / kind
        shutil.copytree(whole / kind, folder)
        plan_file(place, points=2, keep="months")
        harm(folder / name, how, random.Random(f"{name} {how} {number}"))
        for words in commands(kind, folder, place):
            status = main(words)
            said = capsys.readouterr().err
            what = f"{name} {how}: {' '.join(words)}: {said}"
            assert status in (0, 1, 2), what
            assert (status == 1) <= (how == "folder"), what
            assert "Traceback" not in said, what
            assert said.count("Error:") == (status != 0), what
            if status != 0:
                assert name.name in said or name.name == JOURNAL, what  # which of the two is wrong, nobody can tell
            if status == 2:
                assert any(words in said for words in ("resume", "again", "copy", "another folder", "new folder")), what
        if status == 0:
            mended += 1
            assert faults(folder) == [], what
            if kind == "sweep":
                kept = ["id", "practice", "trust"]
                assert runs_of(folder).select(kept).equals(runs_of(whole / kind).select(kept)), what
            else:
                now, before = (pl.read_parquet(one / kind / "map.parquet") for one in (place, whole))
                assert now.equals(before), what
        shutil.rmtree(place)
    assert mended


@pytest.mark.process
@pytest.mark.parametrize("kind", ["sweep", "map"])
def test_every_file_of_a_folder_is_harmed_and_every_command_says_so_in_a_line(kind, whole, tmp_path, capsys):
    names, chance = files_of(whole / kind), random.Random(3)
    one = [name for name in names if name.name not in ("000001.parquet",)]
    check(kind, whole, tmp_path, one, lambda name: [chance.choice(HARMS)], capsys)


@pytest.mark.full
@pytest.mark.parametrize("kind", ["sweep", "map"])
def test_every_file_is_harmed_in_every_way(kind, whole, tmp_path, capsys):
    check(kind, whole, tmp_path, files_of(whole / kind), lambda name: HARMS * 3, capsys)
