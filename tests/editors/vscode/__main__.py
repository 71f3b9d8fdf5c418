"""`python -m tests.editors.vscode` writes what of the extension follows from the server."""

from __future__ import annotations

from .written import write

write()
