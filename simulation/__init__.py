"""The model: how the organisations of a place take on nine system behaviours."""
