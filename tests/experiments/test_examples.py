"""The examples in the docstrings of experiments/ give what they say."""

import doctest
import importlib
import pkgutil

import experiments


def test_examples_in_docstrings() -> None:
    tried = 0
    for module in pkgutil.walk_packages(experiments.__path__, "experiments."):
        if not module.name.endswith("__main__"):
            tried += doctest.testmod(importlib.import_module(module.name), raise_on_error=True).attempted
    assert tried >= 8
