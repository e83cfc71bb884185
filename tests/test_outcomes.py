"""An outcome is declared once and is met everywhere; `test_errands.py` adds one."""

import pytest

from tests import appearances


@pytest.mark.parametrize("name", ["trust", "inequality", "lost"])
def test_an_outcome_is_met_everywhere(name: str) -> None:
    assert appearances.appearances(name) == list(appearances.PLACES)
