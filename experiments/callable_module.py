"""A module that is called as its main function: `experiments.compare` is the room and what one does in it.

`compare`, `claims` and `route_map` are names of modules and of functions that users know. Once a module is loaded, its
package's attribute is the module, whoever loaded it first. So the module itself can be called: one object, whatever was
imported in which order, and nothing of the import system is changed.
"""

import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def call_as(module: str, function: Callable[..., Any]) -> None:
    """Let a loaded module be called as a function of it."""

    class CallableModule(ModuleType):
        """A module that is called as its main function."""

        __call__ = staticmethod(function)
        __wrapped__ = function
        __signature__ = property(lambda self: inspect.signature(function))

    sys.modules[module].__class__ = CallableModule
