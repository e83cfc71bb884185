"""Charts show the numbers of the run, on the scale for people, with words and a table."""

import json

import numpy as np

from dashboard.charts import (
    PRESSURE,
    Line,
    heat_map,
    line_chart,
    line_of,
    months_map,
    network,
    parts_chart,
    practice_colour,
)
from dashboard.charts.heat_map import CIVIDIS
from dashboard.charts.network import shape_of, width_of
from dashboard.runs import run
from experiments.comparison import PlacePicture
from experiments.reporting.figures.layout import positions
from experiments.reporting.figures.style import route_line
from simulation.initial import begin, roster
from simulation.scenario import load_scenario
from simulation.vocabulary import KIND_IDS

SCENARIO = load_scenario("gateshead")


def test_a_line_is_the_run_on_the_scale_shown() -> None:
    found = run(SCENARIO, 1)
    drawing = line_chart([line_of(found, "practice", name="A", route="blended")], "practice", title="T", month=24)
    table = np.array(drawing.rows)
    assert drawing.columns == ("Month", "A")
    assert table[:, 0].tolist() == list(range(SCENARIO.months + 1))
    assert table[24, 1] == round(10 * found.at("practice", 24), 3)
    assert f"{10 * found.at('practice', 120):.1f} at month 120" in drawing.description
    assert drawing.mark == 24
    json.dumps(drawing.option, allow_nan=False)


def test_a_band_lies_between_its_bounds() -> None:
    low, middle, high = np.array([0.1, 0.2]), np.array([0.2, 0.3]), np.array([0.3, 0.6])
    drawing = line_chart([Line("A", middle, route_line("none", ()), low, high)], "practice", title="T")
    floor, height, _ = drawing.option["series"]
    assert floor["data"] == [[0, 1.0], [1, 2.0]]
    assert height["data"] == [[0, 2.0], [1, 4.0]]
    assert floor["stack"] == height["stack"]
    assert drawing.option["xAxis"]["type"] == "category"  # on an axis of numbers ECharts would stack the months
    assert drawing.columns == ("Month", "A", "A, low", "A, high")


def test_a_heat_map_and_a_network_hold_every_organisation() -> None:
    people, start = roster(SCENARIO.place), begin(SCENARIO, 1)
    who = PlacePicture(people.ids, people.names, people.kinds, people.size, start.tie_from, start.tie_to)
    practice = start.practice.mean(axis=1)
    drawing = network(who, positions(who), practice, colour=practice_colour(0.4), practice=practice, trust=start.trust,
                      title="T", chosen=people.ids[0])  # fmt: skip
    place = drawing.moving["series"][0]
    assert [node["id"] for node in place["data"]] == list(people.ids)
    assert [node["id"] for node in place["data"] if node.get("label")] == [people.ids[0]]
    assert len(place["links"]) == len(start.trust)
    assert len(drawing.rows) == len(people.ids)
    heat = heat_map(10 * start.practice, down=people.names, across=list("123456789"), title="T", description="D",
                    row_name="Organisation")  # fmt: skip
    assert heat.rows[3][1:] == np.round(10 * start.practice[3], 2).tolist()
    json.dumps([drawing.option, drawing.moving, heat.option], allow_nan=False)


def test_who_is_gone_has_no_ties_and_no_number() -> None:
    who = PlacePicture(("a", "b", "c"), ("A", "B", "C"), ("council", "health", "police"), np.ones(3),
                       np.array([0, 1]), np.array([1, 2]))  # fmt: skip
    drawing = network(who, np.eye(3, 2), np.full(3, 1.2), colour=PRESSURE, practice=np.full(3, 0.5),
                      trust=np.array([0.5, 0.0]), alive=np.array([True, True, False]), title="T")  # fmt: skip
    place = drawing.moving["series"][0]
    assert [(link["source"], link["target"]) for link in place["links"]] == [(0, 1)]
    assert place["data"][2]["itemStyle"]["opacity"] < 0.5
    assert drawing.rows[0] == ["A", "Council", 5.0, 120.0, 1]
    assert drawing.rows[2][2:4] == [None, None]
    assert "Network of 2 organisations" in drawing.description


def test_sites_of_prototypes_have_a_dot_and_are_named() -> None:
    who = PlacePicture(("a", "b", "c"), ("A", "B", "C"), ("council", "health", "police"), np.ones(3),
                       np.array([0, 1]), np.array([1, 2]))  # fmt: skip
    where = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    drawing = network(who, where, np.full(3, 1.2), colour=PRESSURE, practice=np.full(3, 0.5),
                      trust=np.array([0.5, 0.0]), alive=np.array([True, True, False]), title="T",
                      sites=np.array([False, True, True]))  # fmt: skip
    assert drawing.moving["series"][1] == {"id": "sites", "data": [[0.3, 0.4]]}  # who is gone has none
    assert drawing.description.endswith("Sites of prototypes: B.")


def test_colours_and_widths_say_more_the_more_there_is() -> None:
    scale = practice_colour(0.61)
    assert (scale.low, scale.high) == (0, 7)
    assert (scale.of(-1.0), scale.of(0.7), scale.of(2.0)) == (CIVIDIS[0], CIVIDIS[-1], CIVIDIS[-1])
    assert PRESSURE.of(1.0) not in (PRESSURE.of(0.9), PRESSURE.of(1.1))
    widths = [width_of(trust / 10) for trust in range(11)]
    assert widths == sorted(set(widths))


def test_every_kind_of_organisation_has_a_shape_of_its_own() -> None:
    assert len({shape_of(kind) for kind in KIND_IDS}) == len(KIND_IDS)


def test_a_map_of_months_holds_each_behaviour_and_month() -> None:
    values = np.linspace(0, 0.5, 9 * 25).reshape(25, 9)
    drawing = months_map(values, title="T")
    assert drawing.rows[7] == [7, *np.round(10 * values[7], 2).tolist()]
    assert [7, 3, drawing.rows[7][4]] in drawing.option["series"][0]["data"]
    assert len(drawing.columns) == 10
    assert "power behaviours from" in drawing.description.lower()


def test_bars_of_parts_end_with_their_sum() -> None:
    drawing = parts_chart([("A", 0.5), ("B", -0.2)], 0.3, title="T", description="D")
    bars = drawing.moving["series"][0]["data"]
    assert [bar["value"] for bar in bars] == [0.5, -0.2, 0.3]
    assert [bar["label"]["position"] for bar in bars] == ["right", "left", "right"]
    assert drawing.moving["xAxis"]["min"] < -0.5 < 0.5 < drawing.moving["xAxis"]["max"]
