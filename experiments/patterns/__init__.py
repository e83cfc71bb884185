"""Check that the model shows the patterns it should: named experiments on paired seeds, with intervals and verdicts."""

from experiments.patterns.finding import Finding, sentence
from experiments.patterns.run import run_patterns

__all__ = ["Finding", "run_patterns", "sentence"]
