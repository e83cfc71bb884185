"""List the patterns in the order of docs/odd.md: one family a file."""

from experiments.patterns.families import (
    cuts,
    differences,
    infrastructure,
    leads,
    leaving,
    loop,
    pace,
    prototypes,
    reflection,
    regimes,
    relationships,
    shocks,
    timing,
    usefulness,
    vision,
    windows,
)

FAMILIES = (
    loop.FAMILY,
    regimes.FAMILY,
    shocks.FAMILY,
    relationships.FAMILY,
    pace.FAMILY,
    timing.FAMILY,
    infrastructure.FAMILY,
    usefulness.FAMILY,
    reflection.FAMILY,
    windows.FAMILY,
    prototypes.FAMILY,
    leaving.FAMILY,
    vision.FAMILY,
    leads.FAMILY,
    cuts.FAMILY,
    differences.FAMILY,
)
