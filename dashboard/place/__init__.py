"""Read one run for the page Place: who is where, why practice moved, what the place's notes say. Pure functions."""
