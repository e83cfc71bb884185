"""List the branches: their names, what was decided in each, and their files."""

import re

import solara

from dashboard.components import About, Box, Button, Download, Perhaps, Section, Text, TextField
from dashboard.decisions.export import archive_of
from dashboard.decisions.names import LONGEST_NAME
from dashboard.decisions.sentences import decision_sentence
from dashboard.decisions.timeline import depends_on_seed
from dashboard.decisions.tree import Tree
from dashboard.pages.deciding.desk import Desk
from experiments.shown import difference, level

ABOUT_FILES = (
    "A branch can be taken along as files: its route, its scenario and all decisions. The command line runs them to "
    "the same numbers, month by month; the command stands at the top of its scenario.toml."
)
ABOUT_NAME = About(
    what="How the branch is called in the chart and the table.", notice="The name is in the link.", words=("Branch",)
)
BY_LUCK = (
    "The opportunistic route goes by luck: its months of breadth and depth are written down here as they come on seed "
    "{seed}. Other seeds, in the spread, take their own; the files run this one."
)


def Listing(desk: Desk) -> solara.Element:
    """Return one card a branch, and a table that lays them side by side."""
    cards = [_card(desk, index) for index in range(len(desk.tree.branches))]
    return Section("Branches", Text(ABOUT_FILES), Box(*cards, kind="b-branches"))


def _card(desk: Desk, index: int) -> solara.Element:
    branch = desk.tree.branches[index]
    parent = desk.tree.branches[branch.parent].name if branch.parent is not None else ""
    by_luck = depends_on_seed(desk.base.route, desk.tree.path(index))
    grew = f"As “{parent}” until month {branch.month}." if parent else "The scenario, as its route plans it."
    return Box(
        TextField(
            f"Name of branch {index + 1}", branch.name, longest=LONGEST_NAME, about=ABOUT_NAME,
            on_choose=lambda name: desk.change(desk.tree.renamed(index, name)),
        ),
        Text(f"{grew} {_stands(desk, index)}"),
        Perhaps(*_decisions(desk, index)),
        Box(
            Button(f"Work on “{branch.name}”", lambda: desk.session.commit(branch=index),
                   disabled=index == desk.index),
            Download(f"Files of “{branch.name}” for the command line",
                     lambda: archive_of(desk.base, desk.tree, index, seed=desk.seed), name=f"{_file(branch.name)}.zip",
                     type="application/zip", disabled=index in desk.problems),
            Button(f"Remove “{branch.name}”", lambda: desk.change(desk.tree.without(index)),
                   disabled=index == 0 and not branch.decisions),
            tag="p", kind="b-buttons",
        ),
        *([Text(BY_LUCK.format(seed=desk.seed), kind="b-hint")] if by_luck else []),
        kind="b-branch", tag="section", aria_label=f"Branch {index + 1}: {branch.name}",
    )  # fmt: skip


def _stands(desk: Desk, index: int) -> str:
    """Say where a branch stands at the month reached, and how far from the one it grew from."""
    if index not in desk.shown:
        return ""
    parent = desk.tree.branches[index].parent
    now = float(desk.series(index, "practice")[desk.now])
    said = f"Practice at month {desk.now}: {level('practice', now)} of 10"
    if parent is None or parent not in desk.shown:
        return f"{said}."
    then = float(desk.series(parent, "practice")[desk.now])
    return (
        f"{said}, {difference('practice', now - then)} against “{desk.tree.branches[parent].name}” under the same luck."
    )


def _decisions(desk: Desk, index: int) -> list[solara.Element]:
    branch = desk.tree.branches[index]
    shares = desk.shares_before(index) if index in desk.shown else {}
    rows = [
        Box(
            decision_sentence(decision, before=shares.get(decision.month), names=desk.names), " ",
            Button(f"Remove the decision of month {decision.month}",
                   lambda month=decision.month: desk.change(_without(desk, index, month)), kind="b-plain"),
            tag="li",
        )
        for decision in branch.decisions
    ]  # fmt: skip
    return [Box(*rows, tag="ul")] if rows else []


def _without(desk: Desk, index: int, month: int) -> Tree:
    kept = tuple(decision for decision in desk.tree.branches[index].decisions if decision.month != month)
    return desk.tree.changed(index, decisions=kept)


def _file(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "branch"
