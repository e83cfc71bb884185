"""Choose how Hypothesis draws: on a test machine (`CI` set) every run draws the same examples, and none is timed."""

import os

from hypothesis import settings

settings.register_profile("here", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
