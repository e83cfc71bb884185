"""Have a Dask worker say that its processor computes otherwise; a worker loads this before it takes work."""

import simulation.course

simulation.course.fingerprint = lambda: "elsewhere"
