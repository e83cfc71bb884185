"""Charts show the numbers of the run, on the scale for people, with words and a table."""

import json

import numpy as np

from dashboard.charts import Line, heat_map, line_chart, line_of, network
from dashboard.runs import run
from experiments.comparison import PlacePicture
from experiments.figures.layout import positions
from experiments.figures.style import route_line
from simulation.scenario import load_scenario
from simulation.start import begin, roster

SCENARIO = load_scenario("gateshead")


def test_a_line_is_the_run_on_the_scale_shown() -> None:
    found = run(SCENARIO, 1)
    drawing = line_chart([line_of(found, "practice", name="A", route="blended")], "practice", title="T", month=24)
    table = np.array(drawing.rows)
    assert drawing.columns == ("Month", "A")
    assert table[:, 0].tolist() == list(range(SCENARIO.months + 1))
    assert table[24, 1] == round(10 * found.at("practice", 24), 3)
    assert f"{10 * found.at('practice', 120):.1f} at month 120" in drawing.description
    assert drawing.option["series"][-1]["markLine"]["data"] == [{"xAxis": 24}]
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
    drawing = network(who, positions(who), practice=practice, trust=start.trust, title="T", chosen=people.ids[0])
    assert [node["id"] for node in drawing.option["series"][0]["data"]] == list(people.ids)
    assert len(drawing.option["series"][0]["links"]) == len(start.trust)
    assert len(drawing.rows) == len(people.ids)
    heat = heat_map(10 * start.practice, down=people.names, across=list("123456789"), title="T", description="D",
                    row_name="Organisation")  # fmt: skip
    assert heat.rows[3][1:] == np.round(10 * start.practice[3], 2).tolist()
    json.dumps([drawing.option, heat.option], allow_nan=False)
