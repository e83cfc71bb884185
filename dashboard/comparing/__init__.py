"""Compare routes on the same seeds: what is asked, the work in the background, what came out, in words and numbers."""
