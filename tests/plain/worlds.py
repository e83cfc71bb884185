"""Small odd worlds with every draw a run may ask for: where no reference case reaches."""

import numpy as np


def odd_world(seed, *, organisations=14, ties=24, isolated=2, months=72):
    """Return a world of random arrays; the last `isolated` organisations have no relationship.

    Beside the arrays of a reference world it holds `site_luck` (N,), `order` (months, N) and `exposure` (N,).
    Practice starts anywhere from none to .9, so that it begins above the ceiling in places.
    """
    rng = np.random.default_rng(seed)
    N, tied = organisations, organisations - isolated
    pairs = np.array([(i, j) for i in range(tied) for j in range(i + 1, tied)], dtype=int).reshape(-1, 2)
    chosen = pairs[np.sort(rng.choice(len(pairs), size=ties, replace=False))]
    src, dst = chosen[:, 0], chosen[:, 1]
    size = rng.uniform(0.2, 3, N)
    return {
        "size": size / size.sum(),
        "src": src,
        "dst": dst,
        "deg": np.bincount(np.concatenate([src, dst]), minlength=N).astype(float),
        "zth": np.clip(rng.normal(size=N), -2.5, 2.5),
        "T0": 2 * rng.beta(6, 6, ties),
        "x0": rng.uniform(0, 0.9, (N, 9)) * rng.uniform(0, 1, (N, 1)),
        "zdem": rng.normal(size=(months, N)),
        "zpla": rng.normal(size=months),
        "ubre": rng.random((months, ties)),
        "uene": rng.random((months, N)),
        "ustr": rng.random(months),
        "ushk": rng.random((months, N)),
        "site_luck": rng.random(N),
        "order": np.array([rng.permutation(N) for _ in range(months)]),
        "exposure": rng.uniform(0, 1.5, N),
    }


def odd_params(defaults, seed, *, spread=0.3):
    """Return the parameters, each times its own draw from U(1-spread, 1+spread); no share passes 1."""
    rng = np.random.default_rng(seed)
    odd = {name: value * rng.uniform(1 - spread, 1 + spread) for name, value in defaults.items()}
    shares = {name: min(odd[name], 1.0) for name in ("eta", "Rmax")}
    correlations = {name: defaults[name] for name in ("ar", "arc")}
    return {**odd, **shares, **correlations}


# Laid over an odd world's parameters these meet every cap of the month: disruption, evidence, rewiring,
# ceiling, contact and drive.
HARSH = {
    "psh": 0.5,
    "aY": 2.0,
    "dY": 0.001,
    "iG": 1.0,
    "dGh": 0.2,
    "dG": 0.05,
    "bp": 5.0,
    "cw": 1.2,
    "gU": 0.9,
    "dU": 0.3,
}
