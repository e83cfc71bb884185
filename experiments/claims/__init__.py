"""Put the essay's claims to the test: each an experiment with an interval, a share of parameter space, a verdict."""
