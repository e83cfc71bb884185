"""Tables that say by rows and columns of their own who is with whom."""

import shlex
from typing import Any

import pytest

from simulation.importers.importer import choices_of
from simulation.scenario import ProblemError
from tests.simulation.importers.maps import pairs, rows, said, taken, workbook

EXPECTED = {frozenset(pair) for pair in (("age-uk", "mind"), ("age-uk", "foodbank"), ("mind", "hill-homes"))}
ADJACENCY = "Age UK,Mind,Foodbank\nMind,Hill Homes\nHill Homes\n"
PARTNERS = {
    "adjacency list": ADJACENCY,
    "adjacency list, semicolons": ADJACENCY.replace(",", ";"),
    "adjacency list with colons": "Age UK: Mind, Foodbank\nMind: Hill Homes\n",
    "adjacency list with arrows": "Age UK -> Mind, Foodbank\nMind -> Hill Homes\n",
    "partners by number": "Organisation,Partner 1,Partner 2\nAge UK,Mind,Foodbank\nMind,Hill Homes\nHill Homes\n",
    "partners by number, others": "Organisation name,Type,Works with #1,Works with #2\nAge UK,Charity,Mind,Foodbank\n"
    "Mind,Charity,Hill Homes,\nHill Homes,Housing,Mind,\n",
    "boxes of a form": "Time,Your organisation,Who with? [Mind],Who with? [Hill Homes],Who with? [Foodbank]\n"
    "1,Age UK,Yes,,Yes\n2,Mind,No,Yes,\n3,Hill Homes,,,\n",
    "boxes with the answer": "Organisation,Q5: Mind,Q5: Hill Homes,Q5: Foodbank\n"
    "Age UK,Mind,,Foodbank\nMind,,Hill Homes,\n",
    "boxes by slashes": "organisation,with/Mind,with/Hill Homes,with/Foodbank\nAge UK,1,0,1\nMind,0,1,0\n",
    "boxes by dashes": "Organisation,We meet - Mind,We meet - Hill Homes,We meet - Foodbank\nAge UK,x,,x\nMind,,x,\n",
}  # fmt: skip


@pytest.mark.parametrize("form", PARTNERS)
def test_whom_each_works_with_is_read_whole(form: str) -> None:
    assert pairs(taken(PARTNERS[form])) == EXPECTED
    assert {one.name for one in taken(PARTNERS[form]).organisations} == {"Age UK", "Mind", "Hill Homes", "Foodbank"}


def test_an_adjacency_list_in_a_workbook_and_one_that_is_asked_for() -> None:
    assert pairs(taken(workbook(Ties=rows(ADJACENCY)))) == EXPECTED
    square = "Organisation,A,B\nAge UK,Mind,Foodbank\nMind,Hill Homes,Mind\n"
    assert pairs(taken(square, form="adjacency")) == EXPECTED


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ("id,name,parent", ("1", "2")), ("Org ID,Name,Parent Org ID", ("A1", "A2")),
        ("key,label,reports to", ("x", "y")),
        ("Name,Type,Part of", ("Council", "Housing team")), ("id,Nom,rattaché à", ("1", "2")),
    ],
)  # fmt: skip
def test_what_is_part_of_another_is_tied_to_it(head: str, values: tuple[str, str]) -> None:
    one, other = values
    if one == "Council":
        text = f"{head}\nCouncil,,\nHousing team,,{one}\nRepairs,,{other}\n"
    else:
        text = f"{head}\n{one},Council,\n{other},Housing team,{one}\nz,Repairs,{other}\n"
    assert pairs(taken(text)) == {frozenset(("council", "housing-team")), frozenset(("housing-team", "repairs"))}


def test_a_root_may_be_its_own_parent_or_have_none() -> None:
    for root in ("0", "NULL", "-", "1", ""):
        text = f"id,name,parent_id\n1,Council,{root}\n2,Housing team,1\n"
        assert pairs(taken(text)) == {frozenset(("council", "housing-team"))}


MEMBERS = {
    "rows": "Organisation,Partnership\nAge UK,Board\nMind,Board\nMind,Forum\nHill Homes,Forum\n",
    "cells": "Organisation,Type,Member of\nAge UK,Charity,Board\nMind,Charity,Board; Forum\nHill Homes,Housing,Forum\n",
    "groups first": "Member of,Agency\nBoard,Age UK\nBoard,Mind\nForum,Mind\nForum,Hill Homes\n",
}


@pytest.mark.parametrize("form", MEMBERS)
def test_shared_membership_is_a_tie_only_when_asked_for(form: str) -> None:
    with pytest.raises(ProblemError) as caught:
        taken(MEMBERS[form])
    option = str(caught.value).split("allowed: ")[1].split(" | ")[0].rpartition(": ")[2]
    words = shlex.split(option)
    assert words == ["--form", "memberships"]
    imported = taken(MEMBERS[form], form=words[1])
    assert pairs(imported) == {frozenset(("age-uk", "mind")), frozenset(("mind", "hill-homes"))}
    assert {tie.kind for tie in imported.relationships} == {"Board", "Forum"}
    assert len(imported.organisations) == 3


def test_memberships_of_columns_that_are_named_and_of_too_many() -> None:
    text = "Who,What\nA,x\nB,x\nC,y\n"
    choices = choices_of(form=["memberships"], columns=["from=Who,to=What"])
    assert pairs(taken(text, form="memberships", columns=choices.columns)) == {frozenset("ab")}
    many = "Organisation,Partnership\n" + "".join(f"O{k},all\n" for k in range(1_000))
    with pytest.raises(ProblemError, match="at most"):
        taken(many, form="memberships")


@pytest.mark.parametrize(
    "text",
    [
        "Label,Group\nAge UK,Charity\nMind,Charity\nLeeds Council,Council\n",
        "Organisation,Services [Food],Services [Advice]\nAge UK,Yes,\nMind,,Yes\n",
        "Organisation,Address 1,Address 2\nAge UK,Mill Lane,Leeds\nMind,Hill Road,Leeds\n",
        "Organisation,Project\nAge UK,Warm homes\nMind,Warm homes\n",
    ],
)
def test_what_only_looks_alike_makes_no_ties(text: str) -> None:
    imported = taken(text)
    assert imported.relationships == ()
    assert len(imported.organisations) == text.count("\n") - 1


@pytest.mark.parametrize("wrong", ["#REF!", "#N/A", "#¡REF!", "#BEZUG!", "Err:502", "2026-10-02", "02/10/2026 09:30"])
def test_errors_and_days_in_the_place_of_names_are_no_organisations(wrong: str) -> None:
    elements = f"Label,Type\nAge UK,Charity\n{wrong},Charity\nMind,{'#REF!' if '#' in wrong else 'Charity'}\n"
    imported = taken(elements)
    assert [one.name for one in imported.organisations] == ["Age UK", "Mind"]
    assert all("#" not in one.role for one in imported.organisations)
    assert f"'{wrong}' on line 3" in imported.notes[0] + imported.notes[1] + imported.notes[2]
    ties = f"From,To\nAge UK,Mind\nMind,{wrong}\n"
    for files in ((elements, ties), (ties,)):
        with pytest.raises(ProblemError, match="--drop-dangling drops such ties"):
            taken(*files)
        choices: list[dict[str, Any]] = [{"drop_dangling": True}, {"add_dangling": True}]
        for choice in choices:
            kept = taken(*files, **choice)
            assert pairs(kept) == {frozenset(("age-uk", "mind"))}
            assert wrong not in said(kept).replace(f"'{wrong}' on line", "")
