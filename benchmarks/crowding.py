"""Have twenty visitors move their sliders at once, by real connections, and take the time of each answer."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from benchmarks.both import SLIDER
from benchmarks.opening import SECONDS_OF_REST
from dashboard.address import Settings
from tests.dashboard.browsers import apart
from tests.dashboard.headless import Headless
from tests.dashboard.server_process import Served

Move = Callable[[Headless, int], Awaitable[float]]


async def move_ours(visitor: Headless, number: int) -> float:
    """Move the slider of luck to a seed that nobody has run; return the seconds until all has come."""
    return await visitor.tell(visitor.find(label="Luck: seed"), "moved", Settings().seed + 1_000 + number)


async def move_peers(visitor: Headless, number: int) -> float:
    """Move the peer's slider and press Reset, which is what it needs; return the seconds from there to the picture."""
    slider = visitor.find(_model_name="SliderModel", label=SLIDER)
    await visitor.update(slider, v_model=0.1 + 0.01 * (number % 40))
    return await visitor.tell(visitor.find(children=["Reset"]), "click", {}, awaited="ImageModel")


def moves(served: Served, move: Move, visitors: int, times: int) -> list[float]:
    """Return the seconds that each move took, all visitors moving again as soon as they are answered."""

    async def one(visitor: Headless, first: int) -> list[float]:
        return [await move(visitor, first + k) for k in range(times)]

    async def crowd() -> list[float]:
        here = [Headless(served) for _ in range(visitors)]
        async with AsyncExitStack() as stack:
            await asyncio.gather(*(stack.enter_async_context(visitor) for visitor in here))
            await asyncio.sleep(SECONDS_OF_REST)  # the peer's pictures come late
            await asyncio.gather(*(visitor.catch_up() for visitor in here))
            found = await asyncio.gather(*(one(visitor, k * times) for k, visitor in enumerate(here)))
        if wrong := [visitor.complaints for visitor in here if visitor.complaints]:
            raise RuntimeError(wrong)
        return [seconds for each in found for seconds in each]

    return apart(crowd())
