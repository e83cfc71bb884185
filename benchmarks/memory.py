"""Measure memory and time of a large place in a process of its own."""

import json
import subprocess
import sys

CODE = """
import json, resource, sys, time
from benchmarks.speed import scenario
from simulation.place import Place
what = scenario(int(sys.argv[1]))
Place(scenario(30), 0).run(1)
begin = time.perf_counter()
place = Place(what, 0)
built = time.perf_counter()
place.run()
print(json.dumps({
    "organisations": len(place.organisations), "relationships": len(place.state.trust),
    "build_seconds": built - begin, "run_seconds": time.perf_counter() - built,
    "peak_gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
}))
"""


def measure(organisations: int) -> dict[str, float]:
    """Return peak memory (GB, resident) and seconds of a run of 132 months."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(organisations)], capture_output=True, text=True, check=True, timeout=600
    )
    return dict(json.loads(done.stdout))
