"""Fit the model to a person's own observations: plausible sets of parameters, and whether the data can tell."""
