"""The command `doctor`: what may keep Sightline from working on this machine, in lines to paste into a report."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from sightline import __version__
from sightline.cli.console import counted, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.records import one_line
from sightline.cli.session import awaited, folder, opened
from sightline.errors import SightlineError
from sightline.settings import Settings, from_environment

IN_NEED = 1
"""Exit status where something needs attention."""
_LEAST_FREE = 1_000_000_000
_PARTS = ("lancedb", "llama-cpp-python", "numpy", "pyarrow", "pygls", "tree-sitter", "watchdog")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one subject, in a sentence that names no file but the root."""

    subject: str
    state: Literal["ok", "warning", "problem"]
    sentence: str


def examine(path: str, *, as_json: bool) -> int:
    """Print what was found; the exit status."""
    root = folder(path)
    settings, problems = from_environment()
    hide = _hiding(root, settings)
    found = []
    for subject, check in (
        ("versions", lambda: _versions()),
        ("settings", lambda: _settings(settings, problems)),
        ("permissions", lambda: _permissions(settings)),
        ("disk", lambda: _disk(settings)),
        ("model", lambda: _model(settings)),
        ("index", lambda: _index(root, settings)),
        ("watcher", lambda: _watcher(root, settings)),
        ("editors", lambda: _editors()),
    ):
        found += [Finding(subject, each.state, hide(each.sentence)) for each in _checked(subject, check)]
    well = all(each.state != "problem" for each in found)
    if as_json:
        record = {"root": str(root), "well": well, "findings": [asdict(each) for each in found]}
        sys.stdout.write(one_line(record) + "\n")
    else:
        _show(root, found)
    return FOUND if well else IN_NEED


def _checked(subject: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What a check found; one that fails is a finding itself."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except (SightlineError, OSError) as error:
        found.append(Finding(subject, "problem", str(error)))
    return found


def _versions() -> Iterator[Finding]:
    parts = []
    for name in _PARTS:
        try:
            parts.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            yield Finding("versions", "problem", f"{name} is not installed; install Sightline again.")
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield Finding("versions", "ok", f"sightline {__version__}, Python {platform.python_version()}, {system}")
    yield Finding("versions", "ok", ", ".join(parts))


def _settings(settings: Settings, problems: tuple[str, ...]) -> Iterator[Finding]:
    for problem in problems:
        yield Finding("settings", "warning", problem)
    chosen = []
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if value != each.default:
            # A text may be a path, an address or a pattern of file names.
            chosen.append(each.name if isinstance(value, (str, tuple)) else f"{each.name}={value}")
    yield Finding("settings", "ok", f"changed: {', '.join(chosen)}" if chosen else "all as they come")


def _permissions(settings: Settings) -> Iterator[Finding]:
    cache = settings.cache_folder
    existing = next(each for each in (cache, *cache.parents) if each.exists())
    if not os.access(existing, os.W_OK):
        advice = "choose another with SIGHTLINE_CACHE_DIRECTORY"
        yield Finding("permissions", "problem", f"The cache folder {cache} cannot be written: {advice}.")
        return
    if os.name == "posix":
        open_to_others = [each for each in (cache / "indexes", cache / "vectors") if _is_open(each)]
        for each in open_to_others:
            yield Finding("permissions", "warning", f"Others may read {each}; take that away with chmod -R go-rwx.")
        if open_to_others:
            return
    yield Finding("permissions", "ok", "the cache folder can be written, and what it holds is its owner's alone")


def _is_open(place: Path) -> bool:
    """Whether a folder that others may enter holds something that they may read."""
    if not place.is_dir() or not place.stat().st_mode & 0o077:
        return False
    return any(each.stat().st_mode & 0o077 for each in place.iterdir())


def _disk(settings: Settings) -> Iterator[Finding]:
    cache = settings.cache_folder
    free = shutil.disk_usage(next(each for each in (cache, *cache.parents) if each.exists())).free
    short = free < _LEAST_FREE
    advice = "; make room, or choose another cache folder with SIGHTLINE_CACHE_DIRECTORY" if short else ""
    yield Finding("disk", "warning" if short else "ok", f"{free / 1e9:,.1f} GB free for the cache{advice}")


def _model(settings: Settings) -> Iterator[Finding]:
    from sightline.embedding.models import destination, open_embedder

    if not settings.embed:
        yield Finding("model", "ok", "not wanted: searching is by words alone")
        return
    if destination(settings):
        yield Finding("model", "warning", "code is sent to the endpoint that you named")
    embedder = open_embedder(settings)
    try:
        dimensions = embedder.embed_documents(["def add(one, other): return one + other"]).shape[1]
    finally:
        embedder.close()
    yield Finding("model", "ok", f"it embeds, in {dimensions} dimensions; {embedder.max_tokens} tokens of a text count")


def _index(root: Path, settings: Settings) -> Iterator[Finding]:
    from sightline.index.folder import IndexFolder
    from sightline.index.index import Duties

    stored = IndexFolder(settings.cache_folder, root)
    if stored.manifest() is None:
        yield Finding("index", "ok", "none yet; run `sightline index`, or just search")
        return
    kept = not stored.claim()
    stored.release()
    with opened(root, settings, Meter(), Duties(embed_all=False, write=False)) as index:
        awaited(index.refresh())
        status = index.status()
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in sorted(status.left_out.items()))
    yield Finding(
        "index",
        "ok",
        f"{counted(status.files, 'file')}, {counted(status.chunks, 'chunk')}, {status.embedded:,} embedded, "
        f"{status.pending_files:,} pending, {status.disk_bytes / 1e6:,.1f} MB; "
        f"{'kept by a running process' if kept else 'no process keeps it now'}",
    )
    if left_out:
        yield Finding("index", "ok", f"left out: {left_out}")
    if status.problem:
        advice = "`sightline index --rebuild` builds it again"
        yield Finding("index", "problem", f"{status.problem} If that stays, {advice}.")


def _watcher(root: Path, settings: Settings) -> Iterator[Finding]:
    from sightline.repository.sources import native_source

    source = native_source(root, settings, lambda _: None)
    try:
        source.start()
    except OSError as error:
        yield Finding(
            "watcher",
            "warning",
            f"The system cannot watch all folders ({error.strerror or error}), so changes are looked for every few "
            "seconds; on Linux, raising fs.inotify.max_user_watches and max_user_instances helps.",
        )
        return
    source.stop()
    yield Finding("watcher", "ok", "the system tells of changes")


def _editors() -> Iterator[Finding]:
    found = shutil.which("sightline")
    if found is None:
        advice = "name its full path in the editor's settings, or add its folder to PATH"
        yield Finding("editors", "warning", f"Editors will not find the command `sightline`: {advice}.")
    else:
        yield Finding("editors", "ok", "the command `sightline` is found")


def _hiding(root: Path, settings: Settings) -> Callable[[str], str]:
    """A function that takes the person's own places out of a sentence; the root stays."""
    places = {str(settings.cache_folder): "<cache>", str(Path.home()): "~"}
    if settings.model and settings.model != Settings().model:
        places = {settings.model: "<model>", **places}

    def hide(sentence: str) -> str:
        kept = sentence.replace(str(root), "\0")
        for place, name in places.items():
            kept = kept.replace(place, name)
        return kept.replace("\0", str(root))

    return hide


def _show(root: Path, found: list[Finding]) -> None:
    from rich.text import Text

    console = output()
    marks = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "problem": ("PROBLEM", "bold red")}
    console.print(Text(harmless(f"Sightline in {root}")), soft_wrap=True)
    for each in found:
        word, style = marks[each.state]
        line = Text.assemble((f"{word:<8}", style), f"{each.subject:<12}", harmless(" ".join(each.sentence.split())))
        console.print(line, soft_wrap=True)
