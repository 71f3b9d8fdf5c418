"""Columns of many chunks in plain arrays: what can be mapped from a file as it is, filtered and joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lists:
    """A list a row, all of them end to end: `values[offsets[i]:offsets[i+1]]`; of bytes of UTF-8 where it is texts."""

    values: NDArray[Any]
    offsets: NDArray[np.int64]
    """Shape (rows + 1,)."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def at(self, row: int) -> NDArray[Any]:
        """The list of one row."""
        return self.values[self.offsets[row] : self.offsets[row + 1]]

    def text(self, row: int) -> str:
        """The text of one row."""
        return self.at(row).tobytes().decode()

    def texts(self, rows: NDArray[np.integer[Any]] | None = None) -> list[str]:
        """The texts of these rows, of all if None."""
        starts, ends = self.offsets[:-1], self.offsets[1:]
        if rows is not None:
            starts, ends = starts[rows], ends[rows]
        data = self.values.data
        return [str(data[start:end], "utf-8") for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few distinct texts: `names[codes[i]]`."""

    names: tuple[str, ...]
    codes: NDArray[np.uint16]

    def taken(self, rows: NDArray[np.integer[Any]]) -> list[str]:
        """The texts of these rows."""
        return list(map(self.names.__getitem__, self.codes[rows].tolist()))

    def holding(self, wanted: Iterable[str], rows: NDArray[np.integer[Any]] | None = None) -> Mask:
        """Which of these rows, of all if None, hold one of these texts."""
        chosen = set(wanted)
        codes = self.codes if rows is None else self.codes[rows]
        found: Mask = np.array([name in chosen for name in self.names] or [False], bool)[codes]
        return found


def texts_of(texts: Sequence[str]) -> Lists:
    """A column of these texts."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    return Lists(np.frombuffer(b"".join(encoded), np.uint8), offsets)


def joined_lists(parts: Sequence[tuple[Lists, Mask]]) -> Lists:
    """The rows of several columns that their masks choose, in their order."""
    lengths = [np.diff(column.offsets) for column, _ in parts]
    values = [
        column.values if mask.all() else column.values[np.repeat(mask, long)]
        for (column, mask), long in zip(parts, lengths, strict=True)
    ]
    kept = np.concatenate([long[mask] for (_, mask), long in zip(parts, lengths, strict=True)])
    offsets = np.zeros(len(kept) + 1, np.int64)
    np.cumsum(kept, out=offsets[1:])
    return Lists(np.concatenate(values), offsets)


def joined_codes(parts: Sequence[tuple[Coded, Mask]]) -> Coded:
    """The rows of several columns that their masks choose, in their order."""
    names = tuple(dict.fromkeys(name for column, _ in parts for name in column.names))
    places = {name: place for place, name in enumerate(names)}
    codes = [
        np.array([places[name] for name in column.names] or [0], np.uint16)[column.codes[mask]]
        for column, mask in parts
    ]
    return Coded(names, np.concatenate(codes))


def joined(parts: Sequence[tuple[NDArray[Any], Mask]]) -> NDArray[Any]:
    """The rows of several arrays that their masks choose, in their order."""
    found: NDArray[Any] = np.concatenate([column[mask] for column, mask in parts])
    return found
