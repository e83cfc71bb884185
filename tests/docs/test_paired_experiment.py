"""The code of docs/how-to/paired-experiment.md runs as it stands, and gives what its words say."""

import re

from tests.experiments.command import ROOT

PAGE = (ROOT / "docs/how-to/paired-experiment.md").read_text(encoding="utf-8")


def test_the_page_s_code_runs_in_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(block, "paired-experiment.md", "exec"), names)
    said, result = capsys.readouterr().out, names["result"]
    assert result.verdict in said
    assert result.estimate.low < result.estimate.effect < result.estimate.high
    assert set(result.repeats) == {repeat.name for repeat in names["experiment"].repeats}
    assert "Where social influence is off: " in said
    assert (tmp_path / "more-days.svg").read_text(encoding="utf-8").startswith("<?xml")
