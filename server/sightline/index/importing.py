"""Importing LanceDB in less than half its time: without its client for remote catalogues."""

from __future__ import annotations

import os
import sys
import threading
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_REMOTE = "lance_namespace_urllib3_client"
"""700 generated classes for a REST service, imported by lancedb 0.40 eagerly; a database in a folder uses none."""

_importing = threading.Lock()


class _Hollow(ModuleType):
    """Has every name that is asked of it, each an empty class."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _HollowFinder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] == _REMOTE else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Hollow(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def lancedb() -> Any:
    """The module `lancedb`, imported when first asked for."""
    # One warning a query goes to stderr otherwise; this must stand before the first import.
    os.putenv("LANCEDB_LOG", "error")
    with _importing:
        finder = _HollowFinder()
        sys.meta_path.insert(0, finder)
        try:
            import lancedb
        finally:
            sys.meta_path.remove(finder)
    return lancedb
