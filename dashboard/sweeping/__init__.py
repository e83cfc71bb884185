"""Read sweeps and maps for the page Sweep: which are offered, what they hold by now, what moves their outcomes."""
