"""The break-even line lies where the surface is zero, and nowhere where the routes never differ."""

import numpy as np

from experiments.mapping.contours import contours, zero_lines
from tests.experiments.mapping.maps import made_up, small_plan

X, Y = np.linspace(0.0, 2.0, 5), np.linspace(0.0, 1.0, 4)
ACROSS, UP = np.meshgrid(X, Y)


def test_the_line_of_a_slope_is_where_it_is_zero():
    surface = ACROSS - 0.7 + 0.2 * UP
    found = contours(X, Y, surface, surface - 0.1, surface + 0.1)
    for lines, shift in ((found.break_even, 0.0), (found.low, 0.1), (found.high, -0.1)):
        (line,) = lines
        np.testing.assert_allclose(line[:, 0], 0.7 + shift - 0.2 * line[:, 1], atol=1e-12)
        assert (line[:, 1].min(), line[:, 1].max()) == (0, 1)


def test_exchanging_the_routes_leaves_the_line_and_exchanges_its_sides():
    surface = np.sin(3 * ACROSS) + UP - 0.4
    here = contours(X, Y, surface, surface - 0.2, surface + 0.3)
    there = contours(X, Y, -surface, -(surface + 0.3), -(surface - 0.2))
    for one, other in ((here.break_even, there.break_even), (here.low, there.high), (here.high, there.low)):
        points = [{tuple(np.round(point, 9)) for line in lines for point in line} for lines in (one, other)]
        assert points[0] == points[1]
        assert points[0]


def test_routes_that_never_differ_have_no_line():
    nothing = np.zeros(ACROSS.shape)
    found = contours(X, Y, nothing, nothing, nothing)
    assert (found.break_even, found.low, found.high) == ((), (), ())


def test_where_the_routes_never_differ_break_even_is_an_area_without_a_line_around_it():
    surface = np.where(ACROSS > 0.9, ACROSS, 0.0)
    assert contours(X, Y, surface, surface, surface).break_even == ()
    assert contours(X, Y, -surface, -surface, -surface).break_even == ()


def test_no_line_runs_through_cells_without_a_number():
    surface = ACROSS - 0.7
    surface[:, 1] = np.nan
    assert zero_lines(X, Y, surface) == ()


def test_a_map_knows_its_lines():
    found = made_up(small_plan(x="initial_pressure=0.9:1.1", precision=None), np.tile([-0.1, 0.1, 0.1], (3, 1)))
    (line,) = found.contours.break_even
    assert 0.9 < line[:, 0].min() < line[:, 0].max() < 1.0
    low, high = (sorted(part[:, 0].mean() for part in lines) for lines in (found.contours.low, found.contours.high))
    assert high[0] < line[:, 0].mean() < low[0]
