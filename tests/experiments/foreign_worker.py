"""Have a Dask worker say that its processor computes otherwise; a worker loads this before it takes work."""

from functools import lru_cache

import experiments.manifest

experiments.manifest.fingerprint = lru_cache(lambda: "elsewhere")
