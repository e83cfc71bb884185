"""Number the model: raised by hand whenever the same scenario and seed give other numbers than before."""

MODEL_VERSION = 1
"""Part of the identity of every stored run. The CHANGELOG says what moved, and why, whenever this is raised."""
