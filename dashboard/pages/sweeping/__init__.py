"""Make up the page Sweep: what is opened, its points, what moves them, a map, one run."""
