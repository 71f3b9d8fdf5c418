"""The `sightline` command: it turns arguments into requests, and answers into text, JSON and exit statuses.

Exit status: 0, 1 when nothing was found, 2 when something could not be done (one sentence on stderr says what),
130 after Ctrl-C. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit status."""
    try:
        from sightline.cli.beginning import begin
        from sightline.cli.ending import end, run

        begin()
    except KeyboardInterrupt:
        os._exit(130)  # while all this is imported, there is nothing yet that could say it better
    end(run(sys.argv[1:] if arguments is None else list(arguments)))
