"""Show the parts of the page Assumptions."""
