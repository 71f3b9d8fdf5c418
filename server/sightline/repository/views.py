"""The two ways of looking at a root, by asking git and by reading ignore files; both judge a path by the same steps."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from sightline.repository import exclusions, git
from sightline.repository.disk import contents, encodable, is_link, misplaced, why
from sightline.repository.exclusions import IGNORED, MISSING, OTHER_WORK_TREE
from sightline.repository.ignoring import Rules
from sightline.repository.listing import FileStat, Survey
from sightline.settings import Settings


class View:
    """What both ways of looking at a root share: each path is judged by its name, then by its place on disk."""

    def __init__(self, root: Path, settings: Settings, rules: Rules, note: str = "") -> None:
        self.root = root
        self.settings = settings
        self.rules = rules
        self.note = note
        self._files: dict[str, FileStat] = {}
        self._left_out: dict[str, int] = {}
        self._examples: dict[str, str] = {}

    def survey(self) -> Survey:
        self._collect()
        files = tuple(self._files[path] for path in sorted(self._files))
        return Survey(files, self._left_out, self._examples, self.note)

    def judge(self, paths: Collection[str]) -> dict[str, str]:
        raise NotImplementedError

    def open_folders(self, folders: Collection[str]) -> set[str]:
        raise NotImplementedError

    def _collect(self) -> None:
        raise NotImplementedError

    def _reason_by_name(self, path: str, ignored: bool) -> str:
        reason = self.rules.reason(path, ignored)
        if reason:
            return reason
        if not path.isascii() and not encodable(path):
            return exclusions.UNREADABLE_NAME
        reason = exclusions.by_name(path)
        return "" if reason in exclusions.OVERRIDABLE and self.rules.brings_back(path) else reason

    def _reason_by_stat(self, path: str, found: os.stat_result) -> str:
        if is_link(found):
            return exclusions.LINK
        if not stat.S_ISREG(found.st_mode):
            return exclusions.SPECIAL
        limit = exclusions.most_bytes(path, self.settings.max_file_size)
        return exclusions.TOO_LARGE if found.st_size > limit else ""

    def _judge_one(self, path: str, ignored: bool) -> str:
        """The reason for a path that may come from anywhere: it need not exist."""
        reason = misplaced(self.root, path)
        if reason:
            return reason
        try:
            found = os.lstat(os.path.join(self.root, path))
        except (OSError, ValueError) as error:
            return why(error)
        if stat.S_ISDIR(found.st_mode):
            return exclusions.SPECIAL
        return self._reason_by_name(path, ignored) or self._reason_by_stat(path, found)

    def _take(self, path: str, found: os.stat_result, ignored: bool = False) -> None:
        reason = self._reason_by_name(path, ignored) or self._reason_by_stat(path, found)
        if reason:
            self._leave(path, reason)
        else:
            self._files[path] = FileStat(path, found.st_size, found.st_mtime_ns)

    def _leave(self, path: str, reason: str) -> None:
        if reason != IGNORED:
            self._left_out[reason] = self._left_out.get(reason, 0) + 1
            self._examples.setdefault(reason, path)

    def _walk(self, start: str, ignored: bool = False) -> None:
        """Take what lies below the folder `start`; no link is followed."""
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            left_out = self.rules.folder(folder).left_out
            if left_out:
                self._leave(folder + "/", left_out)
                continue
            try:
                with os.scandir(os.path.join(self.root, folder)) as entries:
                    for entry in entries:
                        path = f"{folder}/{entry.name}" if folder else entry.name
                        if entry.is_dir(follow_symlinks=False) and not is_link(entry.stat(follow_symlinks=False)):
                            waiting.append(path)
                        else:
                            self._take_entry(path, entry, ignored)
            except OSError as error:
                self._leave(folder + "/", why(error))

    def _take_entry(self, path: str, entry: os.DirEntry[str], ignored: bool) -> None:
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError as error:
            if why(error) != MISSING:
                self._leave(path, why(error))
            return
        self._take(path, found, ignored)


class PatternView(View):
    """The files of a root by the .gitignore files in it."""

    def __init__(self, root: Path, settings: Settings, note: str = "") -> None:
        super().__init__(root, settings, Rules(root, settings, by_git=False), note)

    def judge(self, paths: Collection[str]) -> dict[str, str]:
        return {path: self._judge_one(path, ignored=False) for path in paths}

    def open_folders(self, folders: Collection[str]) -> set[str]:
        return {folder for folder in folders if not self.rules.folder(folder).left_out}

    def _collect(self) -> None:
        self._walk("")


def without_git(root: Path, settings: Settings, reason: git.GitUnavailable) -> PatternView:
    """The view of a root that git keeps but cannot be asked about; it notes why."""
    return PatternView(root, settings, f"Git's view of {root} is not to be had ({reason}); .gitignore is read instead.")


class GitView(View):
    """The files of a root as git sees them, those of the repositories inside it included."""

    def __init__(self, root: Path, settings: Settings) -> None:
        super().__init__(root, settings, Rules(root, settings))

    def survey(self) -> Survey:
        try:
            return super().survey()
        except git.GitUnavailable as reason:
            return without_git(self.root, self.settings, reason).survey()

    def judge(self, paths: Collection[str]) -> dict[str, str]:
        sound = [path for path in paths if not misplaced(self.root, path)]
        try:
            listed = self._listed(sound)
        except git.GitUnavailable as reason:
            return without_git(self.root, self.settings, reason).judge(paths)
        reasons = {path: self._judge_one(path, ignored=path not in listed) for path in paths}
        unlisted = {path for path, reason in reasons.items() if not reason and path not in listed}
        if unlisted:  # brought back by a `!` pattern, if a survey agrees
            surveyed = {file.path for file in self.survey().files}
            reasons |= dict.fromkeys(unlisted - surveyed, IGNORED)
        return reasons

    def open_folders(self, folders: Collection[str]) -> set[str]:
        candidates = {folder for folder in folders if not self.rules.folder(folder).left_out}
        try:
            places = self._by_repository(candidates)
            shut = candidates - {_under(place, folder) for place, inner in places.items() for folder in inner}
            for place, inner in places.items():
                base = os.path.join(self.root, place)
                ignored = git.ignored_among(Path(base), [folder for folder in inner if folder])
                held = _ancestors(git.tracked(Path(base), ignored)) if ignored else set()
                shut |= {_under(place, folder) for folder in ignored - held}
        except git.GitUnavailable as reason:
            return without_git(self.root, self.settings, reason).open_folders(folders)
        for folder in sorted(shut):
            self.rules.assume_ignored(folder)
        return {folder for folder in candidates if folder not in shut or not self.rules.folder(folder).left_out}

    def _collect(self) -> None:
        places = [""]
        while places:
            place = places.pop()
            for path, found in self._entries(place):
                if not stat.S_ISDIR(found.st_mode) or is_link(found):
                    self._take(path, found)
                elif self._is_repository(path):
                    if self._is_other_work_tree(path):
                        self._leave(path + "/", OTHER_WORK_TREE)
                    elif not self.rules.folder(path).left_out:
                        places.append(path)
            # Where git ignores everything, no file has led to the rules of this folder yet.
            self.rules.folder(place)
            if self.rules.brings_anything_back():
                self._bring_back(place)

    def _entries(self, place: str) -> Iterator[tuple[str, os.stat_result]]:
        prefix = os.path.join(os.fspath(self.root), "")
        for entry in git.listed(Path(prefix + place)):
            path = _under(place, entry.rstrip("/"))
            try:
                found = os.lstat(prefix + path)
            except OSError as error:
                if why(error) != MISSING:  # tracked but deleted
                    self._leave(path, why(error))
                continue
            yield path, found

    def _bring_back(self, place: str) -> None:
        """Take those files that git ignores and a `!` pattern asks for."""
        for entry in git.ignored(Path(os.path.join(self.root, place))):
            path = _under(place, entry.rstrip("/"))
            if entry.endswith("/"):
                self.rules.assume_ignored(path)
                self._walk(path, ignored=True)
                continue
            try:
                self._take(path, os.lstat(os.path.join(self.root, path)), ignored=True)
            except OSError as error:
                self._leave(path, why(error))

    def _listed(self, paths: Collection[str]) -> set[str]:
        """Those of `paths` that git counts as files, asking the repository each lies in."""
        found: set[str] = set()
        for place, inner in self._by_repository(paths).items():
            listed = git.listed(Path(os.path.join(self.root, place)), inner)
            found |= {_under(place, path) for path in inner if path in listed}
        return found

    def _by_repository(self, paths: Collection[str]) -> dict[str, list[str]]:
        """`paths` by the innermost repository each lies in, and there relative to it.

        A path in a repository that the one around it does not count as its part is left out.
        """
        places: dict[str, list[str]] = {}
        counted: dict[str, bool] = {"": True}
        for path in paths:
            place = ""
            parts = path.split("/") if path else []
            for end in range(1, len(parts) + 1):
                folder = "/".join(parts[:end])
                if folder not in counted and not self._is_repository(folder):
                    continue
                if folder not in counted:
                    counted[folder] = counted[place] and self._counts(place, folder)
                place = folder
            if counted[place]:
                places.setdefault(place, []).append(path[len(place) + 1 :] if place else path)
        return places

    def _counts(self, place: str, repository: str) -> bool:
        if self._is_other_work_tree(repository):
            return False
        name = repository[len(place) + 1 :] if place else repository
        return not git.listed(Path(os.path.join(self.root, place)), [name]).keys().isdisjoint({name, name + "/"})

    def _is_repository(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self.root, path, ".git"))

    def _is_other_work_tree(self, path: str) -> bool:
        """Whether the folder is a work tree made by `git worktree add`: the same code on another branch."""
        data = contents(self.root, f"{path}/.git", 4_096)
        return isinstance(data, bytes) and b"/worktrees/" in data.replace(b"\\", b"/")


def _under(place: str, path: str) -> str:
    return f"{place}/{path}" if place and path else place or path


def _ancestors(paths: Collection[str]) -> set[str]:
    """Every folder on the way to one of `paths`."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
