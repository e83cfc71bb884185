"""Time pages in a Chromium as people have it: nothing listens to what its scripts say or where they fail.

A browser that is driven, by Playwright among others, keeps a trace of each error that scripts throw, those that a
library catches while it looks what the browser can do among them: a tenth to a fifth of what a first page takes. Here
a page notes the time by itself, and is asked for it afterwards.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.browser import ARGUMENTS, installed

PATIENCE, BETWEEN = 60.0, 0.25
NOTE = """(() => {{
    const there = {there}, look = () => (window.drawnAt = there()) || requestAnimationFrame(look);
    requestAnimationFrame(look);
}})();"""
ASK = "window.drawnAt ? [performance.getEntriesByName('first-contentful-paint')[0].startTime, window.drawnAt] : null"


class PlainBrowser:
    """A running Chromium, spoken to by its own protocol."""

    def __init__(self, connection: ClientConnection, size: tuple[int, int]) -> None:
        self.connection, self.size = connection, size
        self.asked = 0

    def opened(self, address: str, there: str, rest: float, **where: str) -> tuple[float, float]:
        """Return the milliseconds after which a new tab has something to read, and after which `there` holds.

        The tab is closed `rest` seconds later. Raises TimeoutError.
        """
        target = self._ask("Target.createTarget", url="about:blank", **where)["targetId"]
        tab = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        width, height = self.size
        self._ask("Emulation.setDeviceMetricsOverride", tab, width=width, height=height, deviceScaleFactor=1,
                  mobile=False)  # fmt: skip
        self._ask("Page.enable", tab)
        self._ask("Page.addScriptToEvaluateOnNewDocument", tab, source=NOTE.format(there=there))
        self._ask("Page.navigate", tab, url=address)
        words, drawn = self._noted(tab)
        time.sleep(rest)
        self._ask("Target.closeTarget", targetId=target)
        return words, drawn

    @contextmanager
    def visitor(self) -> Iterator[str]:
        """Offer the name of a visitor who was never here before: `opened(..., browserContextId=name)`."""
        name = str(self._ask("Target.createBrowserContext")["browserContextId"])
        yield name
        self._ask("Target.disposeBrowserContext", browserContextId=name)

    def _noted(self, tab: str) -> tuple[float, float]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(BETWEEN)
            answer = self._ask("Runtime.evaluate", tab, expression=ASK, returnByValue=True)
            if found := answer["result"].get("value"):
                return float(found[0]), float(found[1])
        msg = f"the page was not drawn in {PATIENCE:g} seconds"
        raise TimeoutError(msg)

    def _ask(self, method: str, tab: str = "", **given: Any) -> dict[str, Any]:
        """Return the browser's answer. Raises RuntimeError with its words where it refuses."""
        self.asked += 1
        asked = {"id": self.asked, "method": method, "params": given} | ({"sessionId": tab} if tab else {})
        self.connection.send(json.dumps(asked))
        while (answer := json.loads(self.connection.recv(PATIENCE))).get("id") != self.asked:
            pass
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        result: dict[str, Any] = answer["result"]
        return result


@contextmanager
def plain_browser(size: tuple[int, int]) -> Iterator[PlainBrowser]:
    """Open a Chromium with a profile of its own, which is gone afterwards. Raises FileNotFoundError without one."""
    path = installed()
    if path is None:
        msg = "no Chromium is installed"
        raise FileNotFoundError(msg)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        options = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen([path, *ARGUMENTS, *options, "about:blank"], stdout=quiet, stderr=quiet)
        try:
            with connect(_address(Path(folder, "DevToolsActivePort"), process), max_size=None) as connection:
                yield PlainBrowser(connection, size)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _address(said: Path, process: "subprocess.Popen[bytes]") -> str:
    """Return where a browser listens, once it has written it down. Raises RuntimeError where it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        lines = said.read_text().split() if said.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(BETWEEN)
    msg = "Chromium does not say where it listens"
    raise RuntimeError(msg)
