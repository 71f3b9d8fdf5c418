"""Which files of a root there are to search, and the bytes of one of them.

Where git keeps the root, its view counts: tracked files, and untracked ones that it does not ignore. Elsewhere, or
where git cannot be asked, the same rules are applied by reading the .gitignore files.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from sightline.errors import BadInput
from sightline.repository import exclusions, git
from sightline.repository.disk import contents, misplaced
from sightline.repository.ignoring import Rules
from sightline.repository.listing import FileStat, Survey
from sightline.repository.views import GitView, PatternView, View, without_git
from sightline.settings import Settings

__all__ = ["FileStat", "Survey", "folders_to_watch", "included", "read", "survey"]


def survey(root: Path, settings: Settings) -> Survey:
    """The files of `root`, none of them read; raises BadInput where there is no such folder."""
    return _look(root, settings).survey()


def included(root: Path, settings: Settings, paths: Collection[str]) -> tuple[set[str], dict[str, str]]:
    """Those of `paths` that a survey of `root` would list now, and for each of the others the reason why not."""
    view = _look(root, settings)
    reasons = view.judge(paths)
    return {path for path in paths if not reasons[path]}, {path: reason for path, reason in reasons.items() if reason}


def read(root: Path, path: str, settings: Settings) -> bytes | str:
    """The bytes of the file at `path` under `root`, or, as a `str`, the reason why it is left out.

    Never raises for what the disk holds: a file that vanishes or may not be read is a reason too. Reasons that
    only the content shows (minified, generated, a private key) are found here and not by `survey`.
    """
    data = misplaced(root, path) or contents(root, path, exclusions.most_bytes(path, settings.max_file_size))
    if isinstance(data, str):
        return data
    reason = exclusions.by_content(path, data)
    if reason in exclusions.OVERRIDABLE and Rules(root, settings).brings_back(path):
        return data
    return reason or data


def folders_to_watch(root: Path, settings: Settings, folders: Collection[str]) -> set[str]:
    """Those of `folders` in which a file of `root` may lie or appear; folders that are links are none of them."""
    view = _look(root, settings)
    return {folder for folder in view.open_folders(folders) if not misplaced(root, f"{folder}/-" if folder else "-")}


def _look(root: Path, settings: Settings) -> View:
    if not os.path.isdir(root):
        raise BadInput(f"There is no folder {root}; it may have been moved or deleted.")
    if not git.in_work_tree(root):
        return PatternView(root, settings)
    try:
        return PatternView(root, settings) if git.ignores_root(root) else GitView(root, settings)
    except git.GitUnavailable as reason:
        return without_git(root, settings, reason)
