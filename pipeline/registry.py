"""Finds the plug-ins of a plural folder: one file each, one constant each."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any


@cache
def plugins(folder: str, constant: str) -> dict[str, Any]:
    """The plug-ins of a package such as "pipeline.sections", by module name, in alphabetical order.

    Every module or sub-package of `folder` whose name has no leading underscore must define `constant`;
    a file that does not is a mistake, and the error says so.
    """
    package = importlib.import_module(folder)
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith("_"))
    return {name: _constant(importlib.import_module(f"{folder}.{name}"), constant) for name in names}


def _constant(module: ModuleType, constant: str) -> Any:
    try:
        return getattr(module, constant)
    except AttributeError:
        raise TypeError(f"{module.__name__} must define {constant}: it stands in a folder of plug-ins") from None
