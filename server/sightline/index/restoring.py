"""Reading the stored index in full: what can be trusted of it, and what must be made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sightline.index.folder import IndexFolder, Manifest
from sightline.index.loading import Loaded, new_matrix, store_of
from sightline.index.recalling import Recall, recall_all
from sightline.index.schema import FileRecord
from sightline.index.store import Store
from sightline.index.tables import segment


def open_store(folder: IndexFolder, wanted: Manifest, *, writer: bool) -> tuple[Store | None, str]:
    """The store that `wanted` describes, and a sentence where something in it was out of date; raises StoreError.

    A writer makes what is missing and drops what was made otherwise than now; a reader changes nothing, and gets
    None while there is nothing it could read.
    """
    found = folder.manifest()
    if not writer:
        usable = found is not None and (found.format, found.chunker) == (wanted.format, wanted.chunker)
        return (store_of(folder, wanted) if usable else None), ""
    remark = ""
    if found is None or found.format != wanted.format or found.root != wanted.root:
        if found is not None:
            remark = f"The index of {wanted.root} has the layout of another version and is being built again."
        folder.clear()
    store = store_of(folder, wanted, create=True)
    if found is not None and not remark and found.chunker != wanted.chunker:
        remark = f"Sightline splits files in another way now: {wanted.root} is being read again; its vectors are kept."
        store.clear_files()
    store.keep_only_these_vectors()
    folder.write_manifest(wanted)
    return store, remark


def load(store: Store | None, wanted: Manifest, recall: Recall | None = None, *, writer: bool = False) -> Loaded:
    """Everything stored but texts; a file whose rows do not add up to its record is forgotten, and so read again.

    Where no vector of the wanted kind is stored, those that `recall` knows are taken, and stored by a writer.
    """
    if store is None:
        return Loaded.empty(wanted)
    records = store.file_records()
    table = store.chunk_rows()
    trusted = trustworthy(records, table)
    doubtful = {*records, *table["path"].unique().to_pylist()} - trusted.keys()
    vectors = new_matrix(wanted)
    vectors.add(*store.vectors())
    if not len(vectors) and recall is not None and trusted:
        recall_all(store, recall, vectors)
        if writer:
            store.add_vectors(*vectors.all())
    rows = segment([only(table, trusted)])
    rows = replace(rows, vector_rows=vectors.rows_of(rows.keys))
    return Loaded(lambda: store, trusted, frozenset(doubtful), [(rows, np.ones(len(rows), bool))], vectors)


def only(table: pa.Table, records: Mapping[str, FileRecord]) -> pa.Table:
    """The rows of `table` that belong to `records`."""
    if any(path not in records for path in table["path"].unique().to_pylist()):
        table = table.filter(pc.is_in(table["path"], pa.array(list(records), pa.string())))
    return table.drop_columns(["content"])


def trustworthy(records: Mapping[str, FileRecord], table: pa.Table) -> dict[str, FileRecord]:
    """The records whose number of rows in `table`, all from the same content, is as they say."""
    counted = table.group_by(["path", "content"]).aggregate([([], "count_all")]).to_pylist()
    per_path: dict[str, tuple[bytes, int]] = {}
    for row in counted:
        # Rows of two contents under one path: neither can be right.
        per_path[row["path"]] = (b"", -1) if row["path"] in per_path else (row["content"], row["count_all"])
    return {
        path: record
        for path, record in records.items()
        if per_path.get(path, (record.content, 0)) == (record.content, record.chunks)
    }
