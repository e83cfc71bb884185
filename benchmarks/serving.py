"""Start the two dashboards that are timed beside each other: ours, and Mesa's SolaraViz of the same model."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.server import SETTINGS
from tests.dashboard.server_process import Served, stop

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0


@contextmanager
def solaraviz() -> Iterator[Served]:
    """Serve the peer by Solara's own command, with what lets it work offline and nothing else of ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = str(Path(__file__).with_name("solaraviz_page.py"))
    command = [sys.executable, "-W", "ignore", "-m", "solara", "run", page, "--production", "--no-open"]
    ours = {name: SETTINGS[name] for name in ("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "SOLARA_ASSETS_CDN")}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [*command, "--port", str(port)], cwd=ROOT, env=os.environ | ours, stdout=quiet, stderr=quiet
    )
    served = Served(f"http://127.0.0.1:{port}/", process)
    try:
        _wait(served)
        yield served
    finally:
        stop(served)


def _wait(served: Served) -> None:
    """Wait until a server answers. Raises RuntimeError where it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and served.process.poll() is None:
        try:
            urllib.request.urlopen(served.url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    msg = "the peer does not answer"
    raise RuntimeError(msg)
