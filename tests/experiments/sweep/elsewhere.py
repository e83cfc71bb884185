"""Have a Dask worker say that its processor computes otherwise; a worker loads this before it takes work."""

import simulation.fingerprint

simulation.fingerprint.fingerprint = lambda: "elsewhere"
