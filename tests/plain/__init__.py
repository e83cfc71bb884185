"""The model a second time, written plainly from its description: slow, short and independent.

It imports nothing of `simulation`. `tests.plain.model.run` is the way in; README.md beside this file says
how the description was read where it leaves a choice.
"""
