"""Take the columns and networks that were chosen, and say which names are not there."""

from experiments.importing.choices import COLUMNS, Choices
from experiments.importing.headers import role_of
from experiments.importing.tables import Table, folded
from simulation.scenario.problems import Findings

MOST_NAMED = 8


def check_columns(tables: list[Table], choices: Choices, findings: Findings) -> None:
    """Add a problem for each column that was named and is in no table."""
    headers = list(dict.fromkeys(name for table in tables for name in table.header if name))
    known = {folded(name) for name in headers} | {str(k + 1) for table in tables for k in range(len(table.header))}
    for role, name in choices.columns.items():
        if role not in COLUMNS:
            findings.add("is nothing a column is read as", key="--columns", value=role, allowed=COLUMNS, like=COLUMNS)
        elif folded(name) not in known:
            findings.add("is no column here", key="--columns", value=name or '""', allowed=headers, like=headers)


def chosen_networks(tables: list[Table], choices: Choices, findings: Findings) -> list[Table]:
    """Return the tables of the networks that were chosen; all, with a word about it, where none was."""
    sized: dict[str, int] = {}
    for table in tables:
        if table.network and role_of(table, choices) == "connections":
            sized[table.network] = sized.get(table.network, 0) + len(table.rows)
    wanted = {folded(name) for name in choices.networks}
    for name in choices.networks:
        if folded(name) not in {folded(one) for one in sized}:
            message = "is no map, sheet or network with ties here"
            findings.add(message, key="--network", value=name or '""', allowed=list(sized), like=list(sized))
    if not wanted:
        if len(sized) > 1:
            shown = ", ".join(f"'{name}' ({count} ties)" for name, count in list(sized.items())[:MOST_NAMED])
            findings.note(f"several networks were read as one: {shown}; --network takes some of them")
        return tables
    findings.note(f"networks taken, as chosen: {', '.join(choices.networks)}")
    out = {folded(name) for name in sized} - wanted
    return [table for table in tables if folded(table.network) not in out]
