"""Twenty visitors at once, by real connections to the real server: no error, no mixing up, and memory given back."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import psutil
import pytest

from dashboard.address import Settings
from dashboard.runs import by_month, chosen
from simulation.run import simulate
from tests.dashboard.browsers import apart
from tests.dashboard.headless import Headless
from tests.dashboard.server_process import Served, start

pytestmark = pytest.mark.process

VISITORS = 20
FEW, FIRST_WAVES, WAVES, MOST_LEFT = 8, 3, 5, 0.15
"""Visitors at a time, how often they come and go, the first of which fill the pools, and what a visitor may leave
behind after that, in MB; one holds 0.6 or so."""
FIRST = Settings().seed
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A dashboard of its own, which has to have said nothing at all by the end."""
    printed = tmp_path_factory.mktemp("server") / "printed.txt"
    with printed.open("w") as output:
        served = start("--most-visitors", str(VISITORS), stdout=output)
    yield served
    served.process.terminate()
    told = served.process.communicate(timeout=20)[1]
    assert (told, printed.read_text()) == ("", "")


@asynccontextmanager
async def crowd(served: Served, seeds: Sequence[int]) -> AsyncIterator[list[Headless]]:
    """Visitors who come together and leave together, each looking at a seed."""
    visitors = [Headless(served, f"/?v=1&model=1&seed={seed}") for seed in seeds]
    async with AsyncExitStack() as here:
        await asyncio.gather(*(here.enter_async_context(visitor) for visitor in visitors))
        yield visitors
    assert [visitor.complaints for visitor in visitors] == [[]] * len(visitors)


def shown(visitor: Headless) -> tuple[str, int, list[float]]:
    """Return the address, the seed and the course of practice that a visitor is shown."""
    chart = visitor.state(file="practice")
    column = chart["columns"].index("This run")
    course = [row[column] for row in json.loads(chart["rows_text"])]
    shell = next(state for state in visitor.widgets.values() if "lead" in state and "address" in state)
    return shell["address"], visitor.state(label="Luck: seed")["value"], course


def expected(seed: int) -> list[float]:
    """Return the course of practice on a seed, computed here and not by the server."""
    course = by_month(simulate(chosen(Settings()).scenario, seed), "practice")
    return [round(10 * float(value), 3) for value in course]


async def drag(visitor: Headless, to: int) -> None:
    """Drag the seed to a value, and let go."""
    slider = visitor.find(label="Luck: seed")
    await visitor.tell(slider, "moved", to)
    await visitor.tell(slider, "chosen", to)


def test_twenty_visitors_each_see_their_own(quiet: Served) -> None:
    async def visit() -> None:
        async with crowd(quiet, range(FIRST + 1, FIRST + 1 + VISITORS)) as visitors:
            at_first = [shown(visitor) for visitor in visitors]
            await asyncio.gather(*(drag(visitor, FIRST + 199 - k) for k, visitor in enumerate(visitors)))
            later = [shown(visitor) for visitor in visitors]
        asked = [FIRST + 1 + k for k in range(VISITORS)] + [FIRST + 199 - k for k in range(VISITORS)]
        for wanted, (address, seed, course) in zip(asked, at_first + later, strict=True):
            assert (address, seed) == (f"/?v=1&model=1&seed={wanted}", wanted)
            assert course == pytest.approx(expected(seed), abs=0.0011)
        assert len({tuple(course) for *_, course in at_first + later}) == 2 * VISITORS

    apart(visit())


def test_what_visitors_held_is_used_again_once_they_have_left(quiet: Served) -> None:
    """What the first visitors took is there for the next: the process grows no more. (Its pools stay with it.)"""
    process, sizes = psutil.Process(quiet.process.pid), []

    async def come_and_go() -> None:
        async with crowd(quiet, [FIRST] * FEW):
            sizes.append(process.memory_info().rss)

    for _ in range(WAVES):
        apart(come_and_go())
    later = sizes[FIRST_WAVES - 1 :]
    assert (later[-1] - later[0]) / (FEW * (len(later) - 1)) / MEGABYTE < MOST_LEFT
