"""Name the pages: each is a folder or a module here with PATH, TITLE, LEAD (one sentence) and a component Page."""

from types import ModuleType

from dashboard.pages import assumptions, compare, decide, place, sweep, words, your_place

PAGES: tuple[ModuleType, ...] = (place, decide, compare, sweep, assumptions, your_place, words)
"""In the order of the navigation."""
