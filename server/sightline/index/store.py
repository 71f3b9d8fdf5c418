"""The stored index: one LanceDB database a root. Only this module uses LanceDB.

Only the process that holds the index's lock writes. A file's rows are replaced before its record, and the record
counts them, so a write cut short shows when the tables are read, and that file is read again.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sightline.errors import OutOfReach, StoreError
from sightline.index.folder import VERSIONS_KEPT
from sightline.index.importing import lancedb
from sightline.index.precision import KINDS, Floats, Kept, kept
from sightline.index.schema import FileRecord
from sightline.index.tables import BULKY, CHUNKS, FILES, file_rows, vectors_schema
from sightline.settings import Precision

_RESIDENT = [name for name in CHUNKS.names if name not in BULKY]
_MOST_IN_A_LIST = 500
"""Values in one SQL list: a longer one is asked in parts."""
_WHERE_IN_LANCE = re.compile(r",? ?[^ ]*\.cargo[/\\][^ ]*")
"""The place in LanceDB's own source that ends its messages."""
_OUT_OF_MEANS = re.compile(rf"\(os error ({errno.ENOMEM}|{errno.EMFILE}|{errno.ENFILE}|{errno.EAGAIN})\)")
"""What LanceDB says when the system gives it no memory or no more files."""
_REMEMBERED_BYTES = 8_000_000
"""Of what LanceDB remembers of versions. By itself it would keep a gigabyte, most of it of versions long gone: a day of
saving made a process grow by half a gigabyte."""


class Store:
    """The tables `files`, `chunks` and one of vectors for the model; opened once, used by one thread.

    Every method raises StoreError, with LanceDB's own words, when the stored index cannot be read or written.
    """

    def __init__(
        self, folder: Path, model: str, dimensions: int, *, create: bool, precision: Precision = "half"
    ) -> None:
        """Opens the database in `folder`; vectors of `dimensions` belong to the model `model`, none if it is 0.

        They are kept at one precision, those at another are others.

        Missing tables are made if `create`, else it is an error, but for the vectors, which are then taken as none.
        """
        with _as_store_error(folder):
            self._folder = folder
            self._database = lancedb().connect(
                str(folder.resolve()),
                read_consistency_interval=timedelta(0),
                session=lancedb().Session(index_cache_size_bytes=0, metadata_cache_size_bytes=_REMEMBERED_BYTES),
            )
            self._names = set(self._database.table_names(limit=1_000))
            self._files = self._table("files", FILES, create)
            self._chunks = self._table("chunks", CHUNKS, create)
            self._vectors_name = f"vectors_{model[:16]}_{dimensions}{'_int8' if precision == 'int8' else ''}"
            self._vectors = None
            self._precision: Precision = precision
            self._vectors_schema = vectors_schema(dimensions, precision)
            if dimensions and (create or self._vectors_name in self._names):
                self._vectors = self._table(self._vectors_name, self._vectors_schema, create)
            self._dimensions = dimensions

    def file_records(self) -> dict[str, FileRecord]:
        """What is known of each file that was read."""
        with _as_store_error(self._folder):
            return {row["path"]: FileRecord(**row) for row in self._files.to_arrow().to_pylist()}

    def chunk_rows(self, paths: Collection[str] | None = None) -> pa.Table:
        """The rows of `paths`, of all files if None, without the bulky columns; ordered by path and ordinal."""
        with _as_store_error(self._folder):
            columns = [*_RESIDENT, "content"]
            if paths is None:
                return _ordered(self._chunks.search().select(columns).limit(None).to_arrow())
            found = [
                self._chunks.search().where(f"path IN ({_quoted(some)})").select(columns).limit(None).to_arrow()
                for some in _parts(sorted(paths))
            ]
            return _ordered(pa.concat_tables(found)) if found else CHUNKS.empty_table().select(columns)

    def replace(
        self,
        known: Collection[str],
        records: Sequence[FileRecord],
        batches: Sequence[pa.RecordBatch],
        gone: Collection[str] = (),
    ) -> None:
        """Stores the rows and records of files; what is stored of those in `known` is replaced, of `gone` deleted."""
        with _as_store_error(self._folder):
            for some in _parts(sorted({*known, *gone})):
                self._chunks.delete(f"path IN ({_quoted(some)})")
            filled = [batch for batch in batches if batch.num_rows]
            if filled:
                self._chunks.add(pa.Table.from_batches(filled))
            self.record(known, records, gone)

    def record(self, known: Collection[str], records: Sequence[FileRecord], gone: Collection[str] = ()) -> None:
        """Stores file records alone; those in `known` are replaced, those in `gone` deleted."""
        with _as_store_error(self._folder):
            for some in _parts(sorted(gone)):
                self._files.delete(f"path IN ({_quoted(some)})")
            if records and known:
                # One commit: another process never sees a file without its record.
                merging = self._files.merge_insert("path").when_matched_update_all().when_not_matched_insert_all()
                merging.execute(pa.Table.from_batches([file_rows(records)]))
            elif records:
                self._files.add(pa.Table.from_batches([file_rows(records)]))

    def texts(self, chunks: Collection[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str, int]]:
        """Signature, text and piece number of chunks named by path and ordinal; safe from any thread."""
        with _as_store_error(self._folder):
            wanted = set(chunks)
            texts = {}
            columns = ["path", "ordinal", "signature", "text", "piece"]
            for some in _parts(sorted({path for path, _ in wanted})):
                ordinals = ", ".join(str(int(ordinal)) for ordinal in sorted({ordinal for _, ordinal in wanted}))
                condition = f"path IN ({_quoted(some)}) AND ordinal IN ({ordinals})"
                for row in self._chunks.search().where(condition).select(columns).limit(None).to_arrow().to_pylist():
                    texts[row["path"], row["ordinal"]] = (row["signature"], row["text"], row["piece"])
            return texts

    def all_texts(self) -> Iterator[tuple[str, str, int]]:
        """Signature, text and piece number of every chunk."""
        with _as_store_error(self._folder):
            columns = ["signature", "text", "piece"]
            table = self._chunks.search().select(columns).limit(None).to_arrow()
        for batch in table.to_batches():
            yield from zip(*(batch[name].to_pylist() for name in columns), strict=True)

    def vectors(self) -> tuple[NDArray[np.uint64], Kept]:
        """Every stored vector of the model: keys (n,) and vectors (n, dimensions)."""
        none = np.zeros(0, np.uint64), np.zeros((0, self._dimensions), KINDS[self._precision])
        if self._vectors is None:
            return none
        with _as_store_error(self._folder):
            table = self._vectors.to_arrow()
            if not table.num_rows:
                return none
            parts = [part.flatten().to_numpy(zero_copy_only=False) for part in table["vector"].chunks]
            return table["key"].to_numpy(), np.concatenate(parts).reshape(-1, self._dimensions)

    def count_vectors(self) -> int:
        """How many vectors of the model are stored."""
        with _as_store_error(self._folder):
            return int(self._vectors.count_rows()) if self._vectors is not None else 0

    def add_vectors(self, keys: NDArray[np.uint64], vectors: Floats | NDArray[np.int8]) -> None:
        """Stores vectors, shape (len(keys), dimensions), at the precision of the store."""
        if self._vectors is None or not len(keys):
            return
        with _as_store_error(self._folder):
            flat = pa.array(np.ascontiguousarray(kept(vectors, self._precision)).reshape(-1))
            column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
            self._vectors.add(pa.Table.from_arrays([pa.array(keys, pa.uint64()), column], schema=self._vectors_schema))

    def compact(self, keep: timedelta = timedelta(seconds=VERSIONS_KEPT)) -> None:
        """Merges small fragments and drops the versions older than `keep`; for idle moments of the only writer."""
        with _as_store_error(self._folder):
            for table in (self._files, self._chunks, self._vectors):
                if table is not None:
                    table.optimize(cleanup_older_than=keep)

    def replace_vectors(self, keys: NDArray[np.uint64], vectors: Kept) -> None:
        """Lets these be the only vectors stored of the model."""
        if self._vectors is None:
            return
        with _as_store_error(self._folder):
            self._vectors = self._database.create_table(
                self._vectors_name, schema=self._vectors_schema, mode="overwrite"
            )
        self.add_vectors(keys, vectors)

    def clear_files(self) -> None:
        """Forgets every file and chunk; vectors stay."""
        with _as_store_error(self._folder):
            self._files = self._database.create_table("files", schema=FILES, mode="overwrite")
            self._chunks = self._database.create_table("chunks", schema=CHUNKS, mode="overwrite")

    def keep_only_these_vectors(self) -> None:
        """Drops the vectors of other models."""
        with _as_store_error(self._folder):
            for name in self._names:
                if name.startswith("vectors_") and name != self._vectors_name:
                    self._database.drop_table(name)

    def _table(self, name: str, schema: pa.Schema, create: bool) -> Any:
        if name in self._names:
            table = self._database.open_table(name)
            if table.schema.names != schema.names or table.schema.types != schema.types:
                raise StoreError(f"The table {name} in {self._folder} has another layout than this version writes.")
            return table
        if not create:
            raise StoreError(f"The table {name} is missing in {self._folder}.")
        return self._database.create_table(name, schema=schema)


@contextmanager
def _as_store_error(folder: Path) -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        first_line = _WHERE_IN_LANCE.sub("", (str(error).splitlines() or [type(error).__name__])[0])[:300]
        if isinstance(error, (ImportError, MemoryError)) or _OUT_OF_MEANS.search(first_line):
            raise OutOfReach(f"The stored index in {folder} cannot be read now: {first_line.rstrip('.')}.") from error
        raise StoreError(f"The stored index in {folder} cannot be used: {first_line}") from error


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by([("path", "ascending"), ("ordinal", "ascending")])


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(values), _MOST_IN_A_LIST):
        yield values[begin : begin + _MOST_IN_A_LIST]


def _quoted(values: Sequence[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
