"""Trains the model in the package; see README.md. Nothing here is installed."""
