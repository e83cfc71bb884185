"""Run what the README tells people to run in Python, and check that all that pages point to is there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_python_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert "Council, corporate centre" not in capsys.readouterr().err


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "scenarios" / "README.md", *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)#?([^)\s]*)\)")
ROOMS = "|".join(("simulation", "scenarios", "experiments", "dashboard", "benchmarks", "tests", "docs"))
NAMED = re.compile(rf"`((?:{ROOMS})/[\w/.-]+)`")


def plain(page: Path) -> str:
    """Return a page's text without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return what a page's headings are called in links."""
    headings = re.findall(r"^#+ (.+)$", plain(page), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(plain(page)):
        found = page.parent / target if target else page
        assert found.exists(), f"{page} points to {target}"
        assert not anchor or anchor in anchors(found), f"{page} points to {target}#{anchor}"
    assert [name for name in NAMED.findall(plain(page)) if not (ROOT / name).exists()] == []


def test_the_index_lists_every_page_and_every_file_is_shown_by_a_page() -> None:
    docs = ROOT / "docs"
    shown = {page: {(page.parent / target).resolve() for target, _ in LINK.findall(plain(page))} for page in PAGES}
    everywhere = set().union(*shown.values())
    assert set(docs.rglob("*.md")) - shown[docs / "README.md"] == {docs / "README.md"}
    assert [path for path in docs.rglob("*") if path.is_file() and not {path, path.parent} & everywhere] == []


def test_the_two_commands_are_in_the_makefile() -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
    assert "make demo" in README
    assert "make test" in README


def test_the_package_shows_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["readme"] == "README.md"
