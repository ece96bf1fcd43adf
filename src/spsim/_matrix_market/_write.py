"""The folder, written."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, get
from spsim._matrix_market._files import (
    CONTENTS,
    FEATURE,
    FEATURES,
    OF_SIZES,
    PARAMETERS,
    RECORD,
    SIZES,
    SPOT,
    SPOTS,
    columns_of,
    loading_of,
    panel_columns,
)
from spsim._names import usable_name
from spsim.slots import block_names, read_record, read_truth, value_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame
    from scipy.sparse import csr_matrix

RESERVED = ("spots",)  # a file of its own
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_folder(mdata: MuData, folder: str) -> None:
    """Write counts as features × spots (as R's packages hold them) and the truth as tables.

    ``spots.csv`` holds coordinates, labels and factors that all modalities share; ``activity.csv`` which modality sees
    which factor; other tables of the truth have files of their own names; ``parameters.json`` says what made the data.
    Each modality has a folder with ``counts.mtx``, ``features.csv`` (kind, main factors, loadings), the factors of its own
    blocks (``nonspatial_factors.csv``), ``sizes.csv`` where observations have sizes, the panel of each slice in ``features.csv``, and, where ``X`` is not the counts,
    ``values.mtx``; and ``spots.csv`` where it does not measure all observations in their order. ``record.json`` is the rest
    of what the objects say of themselves, so that the folder can be read back, and ``contents.json`` lists the files.
    """
    root = Path(folder)
    root.mkdir()
    held = _of_observations(mdata)
    if held:
        _write(root / SPOTS, SPOT, *held)
    for name, table in read_record(mdata).items():
        if hasattr(table, "columns"):
            label = _keys.MODALITY if name == _keys.ACTIVITY else "name"
            _write(root / f"{usable_name('name of a table', name, reserved=RESERVED)}.csv", label, table)
    (root / PARAMETERS).write_text(str(read_record(mdata)[_keys.PARAMS]), encoding="utf-8")
    top = {entry["key"] for entry in read_truth(mdata) if entry["slot"] == "obsm"}
    for name, adata in mdata.mod.items():
        own = root / usable_name("name of a modality", name, reserved=(*_keys.FILES, CONTENTS, RECORD))
        _write_modality(adata, own, top)
        if not held or not adata.obs_names.equals(mdata.obs_names):
            _write(
                own / SPOTS, SPOT, adata.obs[[]], *_of_observations(adata, but={*_files_of_its_own(adata, ()), *top})
            )
    texts = {name: _texts(part) for name, part in [("", mdata), *mdata.mod.items()]}
    (root / RECORD).write_text(json.dumps(texts), encoding="utf-8")
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    (root / CONTENTS).write_text(json.dumps([*files, CONTENTS]), encoding="utf-8")


def _texts(data: AnnData | MuData) -> dict[str, str]:
    """What an object says of itself, but for the parameters, which all of them share, and for tables."""
    record = read_record(data)
    return {key: str(value) for key, value in record.items() if isinstance(value, str) and key != _keys.PARAMS}


def _files_of_its_own(adata: AnnData, top: Collection[str]) -> dict[str, dict[str, Any]]:
    """Entries of arrays with named columns, by key, that a modality holds and the whole does not."""
    entries = [entry for entry in read_truth(adata) if entry["slot"] == "obsm" and "columns" in entry]
    return {entry["key"]: entry for entry in entries if entry["key"] not in top}


def _of_observations(data: AnnData | MuData, *, but: Collection[str] = ()) -> list[DataFrame]:
    """Tables of what an object itself holds: spatial factors, places, labels, then other factors and arrays; no key in ``but``."""
    by_slot: dict[str, list[dict[str, Any]]] = {"factors": [], "places": [], "labels": [], "others": []}
    for entry in read_truth(data):
        if entry["slot"] == "obsm" and entry["key"] in but:
            continue
        is_first = entry.get("block") == _keys.SPATIAL_BLOCK
        if entry["slot"] == "obsm":
            kind = "factors" if is_first else "places" if entry["key"] == _keys.SPATIAL else "others"
            by_slot[kind].append(entry)
        elif entry["slot"] == "obs" and "label" in entry:
            by_slot["labels"].append(entry)
    return [_table(data, entry) for entries in by_slot.values() for entry in entries]


def _table(data: AnnData | MuData, entry: dict[str, Any]) -> DataFrame:
    import pandas as pd

    values = value_of(data, entry)
    if entry["slot"] in ("obs", "var"):
        return values.to_frame()
    columns = columns_of(entry)[: values.shape[1]]
    return pd.DataFrame(np.asarray(values), index=data.obs_names, columns=columns)


def _write_modality(adata: AnnData, folder: Path, top: Collection[str]) -> None:
    from scipy.io import mmwrite
    from scipy.sparse import csr_matrix

    folder.mkdir()
    is_count = _keys.COUNTS in adata.layers
    if is_count:
        counts = csr_matrix(adata.layers[_keys.COUNTS])
        # What a panel does not measure is "nan", which whole numbers cannot be.
        is_whole = not np.isnan(counts.data).any()
        mmwrite(folder / "counts.mtx", counts.T.astype(np.int64 if is_whole else np.float64))
    if not is_count or not _are_equal(csr_matrix(adata.X), counts):
        mmwrite(folder / "values.mtx", csr_matrix(adata.X).T.astype(np.float64), precision=9)
    entries = read_truth(adata)
    features = adata.var.drop(columns=_keys.INDEX, errors="ignore")
    panels = [_panel(adata, entry) for entry in entries if entry.get("role") in ("panel", "probability")]
    _write(folder / FEATURES, FEATURE, features, *(_loadings(adata, name) for name in block_names(adata)), *panels)
    for key, entry in _files_of_its_own(adata, top).items():
        _write(folder / f"{key}.csv", SPOT, _table(adata, entry))
    sizes = [_table(adata, entry) for entry in entries if entry.get("role") in OF_SIZES]
    if sizes:
        _write(folder / SIZES, SPOT, *sizes)


def _are_equal(values: csr_matrix, counts: csr_matrix) -> bool:
    unequal = (values != counts).tocoo()
    at = (unequal.row, unequal.col)
    return bool(np.isnan(values[at]).all() and np.isnan(counts[at]).all()) if unequal.nnz else True


def _panel(adata: AnnData, entry: dict[str, Any]) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(np.asarray(value_of(adata, entry)), index=adata.var_names, columns=panel_columns(entry))


def _loadings(adata: AnnData, block: str) -> DataFrame:
    table = get.loadings(adata, block=block)
    return table.set_axis([loading_of(block, name) for name in table], axis=1)


def _write(path: Path, label: str, *parts: DataFrame) -> None:
    """Write tables with the same rows side by side; no column may take another one's place, no name be a formula."""
    import pandas as pd

    table = pd.concat(parts, axis=1)
    label = f"{label}_name" if label in table else label  # as cells have a label that says in which spot they lie
    _validate.unique(f"columns of {path.name}", [label, *map(str, table.columns)])
    formulas = [name for name in map(str, table.index) if name.startswith(FORMULA)]
    if formulas:
        msg = f"names in {path.name} must not begin like a formula of a spreadsheet, got {_validate.shown(formulas[0])}"
        raise ValueError(msg)
    table.to_csv(path, index_label=label)
