"""Put mutated inputs to everything that reads what people bring: each ends well or in the one clear error.

`python -m tests.fuzz` carries the whole job out and `python -m tests.fuzz plan 712` one case of it again.
"""
