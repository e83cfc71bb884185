"""Facts about the project: what is in the repository, what the wheel carries, how the command starts."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from simulation.launch import packages
from simulation.scenario.library import library_root

pytestmark = pytest.mark.process

PACKAGES = sorted(packages())
ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

TOP_LEVEL = {
    ".ci", ".editorconfig", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "README.md", "benchmarks", "constraints.txt", "dashboard", "docs", "experiments", "pyproject.toml", "scenarios",
    "simulation", "tests",
}  # fmt: skip
LOCK_FILES = {
    "Pipfile.lock",
    "package-lock.json",
    "pdm.lock",
    "poetry.lock",
    "pylock.toml",
    "uv.lock",
    "yarn.lock",
}

# Written apart, so that this file does not contain what it looks for.
HOME = re.compile(r"(?<![\w.:/%-])/(?:" + "|".join(["ro" + "ot", "ho" + "me/", "Us" + "ers/"]) + r")[\w/]")
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
]

# A module that may import upwards, and what: the command's entry point hands over to the command.
UPWARDS = {"simulation": {"experiments", "dashboard"}, "experiments": {"dashboard"}, "dashboard": set()}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def tracked_texts() -> dict[Path, str]:
    texts = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[path] = content.decode("utf-8", errors="replace")
    return texts


def test_the_top_level_holds_only_known_names() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} - TOP_LEVEL == set()


def test_there_is_no_lock_file() -> None:
    assert [path for path in tracked_files() if path.name in LOCK_FILES or path.suffix == ".lock"] == []


@pytest.mark.parametrize("text", ["in " + "/ro" + "ot/x", '"' + "/ho" + "me/ann/x.csv" + '"', "/Us" + "ers/ann"])
def test_the_pattern_for_a_home_folder_finds_one(text: str) -> None:
    assert HOME.search(text)


def test_no_text_names_a_home_folder_or_a_registry() -> None:
    found = []
    for path, text in tracked_texts().items():
        for number, line in enumerate(text.splitlines(), start=1):
            if HOME.search(line) or any(host in line for host in REGISTRIES):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert found == []


def test_constraints_hold_versions_only() -> None:
    pin = re.compile(r'[a-z0-9-]+==[0-9][\w.]*( ; python_version (<|>=) "3\.1[1-4]")?')
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and not pin.fullmatch(line)] == []


def test_every_requirement_has_a_pinned_version() -> None:
    required = list(chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()))
    names = {re.match(r"[\w-]+", text).group().lower().replace("_", "-") for text in required}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines if not line.startswith("#")}
    assert names - pinned == set()


def test_pinned_versions_take_the_first_release_of_this_python() -> None:
    """Debian 12 brings 3.11.2; a library that asks for 3.11.5 can't be installed there."""
    first = f"{sys.version_info.major}.{sys.version_info.minor}.0"
    pinned = re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    required = {
        (canonicalize_name(found.name), found.version): found.metadata["Requires-Python"] or ""
        if "Requires-Python" in found.metadata
        else ""
        for found in distributions()
    }
    checked = {pin: required[pin] for pin in pinned if pin in required}
    assert len(checked) > 20
    assert {pin: text for pin, text in checked.items() if not SpecifierSet(text).contains(first)} == {}


def test_mesa_is_held_below_four() -> None:
    assert "mesa>=3.3.1,<4" in PROJECT["dependencies"]


def test_imports_run_one_way() -> None:
    wrong = []
    for room, above in UPWARDS.items():
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                wrong += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.split(".")[0] in above]
    assert wrong == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run([*pip, "wheel", *options, str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh virtual environment, which borrows the libraries of this one."""
    folder = tmp_path_factory.mktemp("installation")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--quiet", str(wheel)], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, check=True, text=True,
    ).stdout.strip()  # fmt: skip
    # A .pth file found through another one is not read, so an editable install of this checkout stays unseen.
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def behaviours(installation: Path, *arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [installation / "bin" / "behaviours", *arguments],
        cwd=cwd, env=clean | env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_the_wheel_carries_the_library_and_the_licence(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    library = ROOT / "scenarios"
    data = {
        "simulation/_scenarios/" + path.relative_to(library).as_posix()
        for path in tracked_files()
        if library in path.parents
    }
    assert data
    assert data - held == set()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    rooms = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {room for room in rooms if not room.endswith(".dist-info")} == set(PACKAGES)


def test_a_checkout_finds_its_own_library() -> None:
    assert library_root() == ROOT / "scenarios"


def test_an_installed_wheel_finds_its_library(installation: Path, tmp_path: Path) -> None:
    code = "from simulation.scenario.library import library_root; print(library_root())"
    python = installation / "bin" / "python"
    found = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True)
    root = Path(found.stdout.strip())
    assert root.is_relative_to(installation)
    assert (root / "places").is_dir()


def test_the_command_works_from_an_empty_folder(installation: Path, tmp_path: Path) -> None:
    done = behaviours(installation, "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert PROJECT["version"] in done.stdout


@pytest.fixture
def analyst(tmp_path: Path) -> Path:
    """Return a folder that holds packages of the analyst's own, of the same names as ours."""
    for name in ("experiments", "dashboard"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text('raise RuntimeError("not ours")\n', encoding="utf-8")
    return tmp_path


def test_the_command_works_beside_folders_of_the_same_name(installation: Path, analyst: Path) -> None:
    done = behaviours(installation, "--version", cwd=analyst, PYTHONPATH=".")
    assert (done.returncode, done.stderr) == (0, "")
    assert PROJECT["version"] in done.stdout


@pytest.mark.parametrize("name", PACKAGES)
def test_worker_processes_import_our_packages(name: str, installation: Path, analyst: Path) -> None:
    script = analyst / "script.py"
    script.write_text(
        "from multiprocessing import get_context\n"
        "from simulation.launch import prefer_installation\n"
        "if __name__ == '__main__':\n"
        "    prefer_installation()\n"
        "    with get_context('spawn').Pool(1) as pool:\n"
        f"        print(pool.apply(eval, ('__import__(\"{name}\").__file__',)))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [installation / "bin" / "python", script],
        cwd=analyst, env=os.environ | {"PYTHONPATH": "."}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(installation), done.stderr


def test_the_path_is_left_alone_where_nothing_is_hidden(installation: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from simulation.launch import prefer_installation\n"
        "before = list(sys.path); prefer_installation(); print(sys.path == before)"
    )
    python = installation / "bin" / "python"
    done = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "True"


def test_help_imports_nothing_slow(installation: Path, tmp_path: Path) -> None:
    code = (
        "import atexit, sys; from simulation.launch import main\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "sys.argv = ['behaviours', '--help']; sys.exit(main())"
    )
    python = installation / "bin" / "python"
    done = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    imported = {name.split(".")[0] for name in done.stderr.split()}
    assert "experiments" in imported
    assert imported & {"mesa", "numba", "solara", "matplotlib", "pandas", "polars", "scipy"} == set()
