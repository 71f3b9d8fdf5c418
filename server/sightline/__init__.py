"""Sightline finds code by what it does: see docs/architecture.md for where a query goes."""

__version__ = "0.1.0"
