"""Embeddings for other programs over HTTP: what `sightline serve` runs. Nothing is decided here."""
