"""The words of the pages are one list, in the browser and in docs."""

from dashboard.pages.words import glossary
from experiments.reporting.markdown import ROOT


def test_the_words_of_docs_are_those_of_the_pages() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == glossary(), "run `make docs`"
