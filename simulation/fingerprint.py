"""Tell platforms apart whose arithmetic differs in the last digit."""

import hashlib
from functools import cache
from importlib.metadata import version

import numpy as np


@cache
def fingerprint() -> str:
    """Return a hash of exp, log and pow over a fixed vector with the versions of numpy and numba.

    Same seed, same bits is promised where fingerprints agree; elsewhere results agree to about 1e-9.
    """
    vector = np.linspace(0.01, 5, 257)
    values = np.concatenate([np.exp(vector), np.log(vector), vector**0.37])
    digest = hashlib.sha256(values.tobytes())
    digest.update(f"{np.__version__} {version('numba')}".encode())
    return digest.hexdigest()[:16]
