"""Mechanisms of the model: one compiled function each, beside its equation."""
