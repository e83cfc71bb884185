"""Time in a browser what a person waits for: from a key pressed on a slider to the drawing that has changed."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from benchmarks.both import ORGANISATIONS, SLIDER
from simulation.run import Course
from simulation.scenario import PlaceFile, Scenario
from simulation.scenario.place import Generated
from tests.dashboard.browsers import settled, show

PAUSE = 150.0
"""Milliseconds in which the peer's slider is heard of."""
AT_REST = 400.0
"""Milliseconds after which our sliders have told what was chosen."""
PRESSES = 35
"""Presses one way, after which the peer's slider, which has 40 steps, goes back."""
ARMED = """([watched, picture]) => {
    const target = document.querySelector(watched);
    const read = () => picture ? document.querySelector(picture)?.src : target.outerHTML;
    const before = read();
    window.timed = new Promise((done) => {
        let begin = null;
        document.addEventListener("keydown", () => { begin = performance.now(); }, { capture: true, once: true });
        const seen = new MutationObserver(async () => {
            if (begin === null || (picture && (!read() || read() === before))) return;
            seen.disconnect();
            if (picture) await document.querySelector(picture).decode();
            requestAnimationFrame(() => setTimeout(() => done([performance.now() - begin, read() !== before])));
        });
        const what = picture ? { attributeFilter: ["src"] } : { attributes: true };
        seen.observe(target, { subtree: true, childList: true, ...what });
    });
}"""
"""What begins to count at the next key and ends when the drawing that is watched has changed and been painted."""
TIMED = """() => Promise.race([
    window.timed, new Promise((_, fail) => setTimeout(() => fail("nothing was drawn"), 20000)),
])"""


def timed(page: Any, key: str, watched: str, *, picture: str = "") -> float:
    """Return the milliseconds from pressing a key until what is watched has been drawn again, and painted.

    `picture` is what is looked at within it, where a new picture takes the old one's place. Raises RuntimeError where
    the drawing is what it was.
    """
    page.evaluate(ARMED, [watched, picture])
    page.keyboard.press(key)
    milliseconds, is_new = page.evaluate(TIMED)
    if not is_new:
        msg = "the drawing is what it was before the key was pressed"
        raise RuntimeError(msg)
    return float(milliseconds)


def ours(page: Any, slider: Any, watched: str) -> Iterator[float]:
    """Yield what each press of a key on one of our sliders takes; no value comes twice, so that no run was kept.

    Each is from rest: 0.3 s after a press the rest of the page follows, and a key pressed just then waits for it.
    """
    slider.focus()
    while True:
        page.wait_for_timeout(AT_REST)
        settled(page)
        yield timed(page, "ArrowRight", watched)


def tables() -> list[dict[str, Any]]:
    """Return the two tables of a place as large as the peer's, with the ties of a generated one."""
    place = PlaceFile(name="generated", generated=Generated(organisations=ORGANISATIONS))
    state = Course(Scenario(place=place), 1).state
    kinds = ["council", *["voluntary"] * (ORGANISATIONS - 1)]
    rows = "\n".join(f"o{k},{kind}" for k, kind in enumerate(kinds))
    ties = "\n".join(f"o{one},o{two}" for one, two in zip(state.tie_from, state.tie_to, strict=True))
    texts = {"organisations.csv": f"id,kind\n{rows}\n", "relationships.csv": f"from,to\n{ties}\n"}
    return [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in texts.items()]


def our_place(page: Any) -> Any:
    """Bring the place of sixty, and see it on Place."""
    show(page, "/your-place")
    page.get_by_label("Files", exact=True).set_input_files(tables())
    page.get_by_role("button", name="See it on Place").click()
    page.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
    return settled(page)


def on_assumptions(page: Any) -> Iterator[float]:
    """Time the slider that the peer has too: the line that stays in sight on the page Assumptions."""
    query = page.evaluate("location.search")
    show(page, f"/assumptions{query}&mechanism=all")
    slider = page.get_by_label(SLIDER, exact=True)
    slider.press("Home")
    settled(page)
    yield from ours(page, slider, ".b-strip svg")


def on_place(page: Any) -> Iterator[float]:
    """Time the slider of luck on Place: the network, which stands beneath it."""
    show(page, f"/{page.evaluate('location.search')}")
    yield from ours(page, page.get_by_label("Luck: seed", exact=True), ".b-canvas svg")


def on_peer(page: Any) -> Iterator[float]:
    """Time the peer: there a slider does nothing until Reset is pressed, so the time is from that press."""
    slider, reset = page.get_by_role("slider", name=SLIDER), page.get_by_role("button", name="Reset")
    slider.press("Home")
    for k in count():
        slider.press("ArrowLeft" if k // PRESSES % 2 else "ArrowRight")
        page.wait_for_timeout(PAUSE)
        reset.focus()
        yield timed(page, "Enter", "body", picture="img.widget-image")
