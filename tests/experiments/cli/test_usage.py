"""A wrong word on the command line is answered as in a file: the option, the value, what is allowed, the nearest."""

import pytest

from experiments.cli.main import main

SAID = {
    "sweep d --executor proceses": "--executor: 'proceses' is not one of the choices; allowed: processes, threads, "
    "serial; did you mean 'processes'? Try: behaviours sweep --help",
    "export d --to pdf": "--to: 'pdf' is not one of the choices; allowed: csv, parquet, xlsx, duckdb, netcdf.",
    "list rutes": "kind: 'rutes' is not one of the choices; allowed: places, routes,",
    "compare --replicates many": "--replicates: 'many' is not a whole number; allowed: a whole number.",
    "compare --replicates 0": "--replicates: '0' is out of range; allowed: at least 1.",
    "compare --precision fine": "--precision: 'fine' is not a number; allowed: a number.",
    "sweeep d": "'sweep'? Try: behaviours --help",
    "sweep": "Missing argument 'PLAN'. Try: behaviours sweep --help",
    "run gateshead --seeed 3": "--seed",
}


@pytest.mark.parametrize("line", SAID)
def test_what_is_wrong_is_said_in_one_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    found = " ".join(capsys.readouterr().err.split())
    assert SAID[line] in found
    assert "Value error" not in found
