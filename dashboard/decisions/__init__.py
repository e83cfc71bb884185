"""Decide on the way: branches of decisions as frozen values, which become scenarios that the command line runs too.

Nothing here knows a page: the page Decide, a test and a notebook use it alike.
"""
