"""The public face; heavy names by lazy __getattr__; MODEL_VERSION."""

MODEL_VERSION = 1
"""Part of the identity of every stored run. The CHANGELOG says what moved, and why, whenever this is raised."""
