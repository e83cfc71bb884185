"""Work out the mean size of threshold cascades on random graphs, after Gleeson & Cahalane 2007.

J. P. Gleeson and D. J. Cahalane, "Seed size strongly affects cascades on random networks", Physical Review E 75,
056103 (2007), equations 1 to 3, for a graph of mean degree z with Poisson degrees, one threshold for all, and a share
of seeds chosen at random:

    q  = ρ0 + (1 − ρ0) Σ_k (k/z) p_k Σ_{m<k}  B(m; k−1, q) F(m/k)
    ρ  = ρ0 + (1 − ρ0) Σ_k p_k       Σ_{m≤k}  B(m; k, q) F(m/k)

q is the chance that a neighbour further from the root is active, iterated from ρ0; B the binomial; F(r) is 1 where r is
at least the threshold. Nothing here knows the model.
"""

from functools import cache

import numpy as np
from scipy.stats import binom, poisson


@cache
def cascade_size(mean_degree: float, threshold: float, seeds: float, *, most: int = 60) -> float:
    """Return the share of nodes that end active in a large random graph."""
    degrees = np.arange(most + 1)
    weight = poisson.pmf(degrees, mean_degree)

    def response(k: int, count: int, q: float) -> float:
        """Return the chance that a node of degree k activates, given `count` neighbours active each with chance q."""
        active = np.arange(count + 1)
        return float(binom.pmf(active, count, q) @ (active >= threshold * k - 1e-9))

    q = seeds
    for _ in range(100_000):
        edge = sum(k / mean_degree * weight[k] * response(k, k - 1, q) for k in degrees[1:])
        q, before = seeds + (1 - seeds) * edge, q
        if abs(q - before) < 1e-12:
            break
    node = sum(weight[k] * response(k, k, q) for k in degrees[1:])
    return float(seeds + (1 - seeds) * node)
