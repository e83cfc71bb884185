"""The words of verdicts stand in one file."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from experiments.inference import Verdict
from experiments.reporting import phrases

ROOT = Path(phrases.__file__).parents[2]
VALUES = set(get_args(Verdict))
FILES = [path for room in ("experiments", "dashboard") for path in (ROOT / room).rglob("*.py")]


def words_of(table: ast.Dict) -> set[str]:
    """Return the verdicts to which a table gives words of two or more."""
    pairs = zip(table.keys, table.values, strict=True)
    return {
        str(key.value)
        for key, value in pairs
        if isinstance(key, ast.Constant) and key.value in VALUES
        if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and " " in str(value.value))
    }


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "phrases.py"], ids=lambda path: path.stem)
def test_no_other_file_gives_verdicts_words(path: Path) -> None:
    tables = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Dict)]
    assert [found for table in tables if len(found := words_of(table)) > 1] == []
