"""The truth in a folder, read back: all that scores need, without what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._matrix_market._files import (
    CONTENTS,
    FEATURES,
    OF_SIZES,
    PARAMETERS,
    RECORD,
    SIZES,
    SPOTS,
    columns_of,
    loading_of,
    panel_columns,
)
from spsim.slots import as_mudata, in_order

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Series

Texts = dict[str, str]


def read_folder(root: Path) -> MuData:
    """Return an object with the truth that ``write_folder`` wrote, and no values in ``X``."""
    _check_whole(root)
    texts: dict[str, Texts] = json.loads((root / RECORD).read_text(encoding="utf-8"))
    common = {_keys.PARAMS: (root / PARAMETERS).read_text(encoding="utf-8"), **_tables(root)}
    top = _frame(root / SPOTS) if (root / SPOTS).is_file() else None
    parts = {name: _modality(root / name, top, own, common) for name, own in texts.items() if name}
    mdata = as_mudata(parts) if top is None else in_order(parts, top.index)
    if top is not None:
        rows = top.loc[mdata.obs_names]
        columns, arrays = _of_observations(texts[""], {SPOTS: rows})
        mdata.obs = rows[[]].assign(**columns)
        for key, values in arrays.items():
            mdata.obsm[key] = values
    mdata.uns[_keys.UNS] = {**texts[""], **_copied(common)}
    return mdata


def _check_whole(root: Path) -> None:
    """Refuse a folder of an earlier version, and one that lacks a file."""
    if not (root / RECORD).is_file():
        msg = f"it has no {RECORD}, which first versions of spsim did not write: simulate the folder again"
        raise ValueError(msg)
    listed = json.loads((root / CONTENTS).read_text(encoding="utf-8"))
    missing = [str(name) for name in listed if not (root / str(name)).is_file()]
    if missing:
        msg = f"{len(missing)} of its {len(listed)} files are missing, among them {missing[0]!r}"
        raise ValueError(msg)


def _modality(folder: Path, top: DataFrame | None, texts: Texts, common: dict[str, Any]) -> AnnData:
    from anndata import AnnData

    own, features = folder / SPOTS, _frame(folder / FEATURES)
    spots = _frame(own) if own.is_file() else top
    if spots is None:
        msg = f"it has no {SPOTS}, neither at the top nor in {folder.name!r}"
        raise ValueError(msg)
    # Where a modality lists its own observations, what all modalities share stands at the top.
    files = {
        SPOTS: spots
        if top is None or spots is top
        else spots.join(top.loc[spots.index, top.columns.difference(spots.columns)])
    }
    others = [path for path in folder.glob("*.csv") if path.name not in (SPOTS, FEATURES, SIZES)]
    files |= {path.name: _frame(path).loc[spots.index] for path in others}
    files |= {SIZES: _frame(folder / SIZES).loc[spots.index]} if (folder / SIZES).is_file() else {}
    columns, arrays = _of_observations(texts, files)
    var, loadings = _of_features(texts, features)
    return AnnData(
        obs=spots[[]].assign(**columns),
        var=features[[]].assign(**var),
        obsm=arrays,
        varm=loadings,
        uns={_keys.UNS: {**texts, **_copied(common)}},
    )


def _of_observations(texts: Texts, files: dict[str, DataFrame]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Columns of ``obs`` and arrays of ``obsm``, each from the file that holds it."""
    columns, arrays = {}, {}
    for entry in _entries(texts):
        key, spots = entry["key"], files[SPOTS]
        if entry["slot"] == "obs" and "label" in entry:
            columns[key] = _categorical(spots[key])
        elif entry["slot"] == "obs" and entry.get("role") in OF_SIZES:
            columns[key] = _single(files[SIZES][key])
        elif entry["slot"] == "obsm" and "columns" in entry:
            values = files.get(f"{key}.csv", spots)[columns_of(entry)]
            arrays[key] = _single(values)
        elif entry["slot"] == "obsm":
            own = [name for name in columns_of(entry) if name in spots]
            # Places are in double precision, what recipes draw beside factors is in that of the factors.
            is_drawn = "columns" in entry
            arrays[key] = _single(spots[own]) if is_drawn else np.ascontiguousarray(spots[own].to_numpy(float))
    return columns, arrays


def _of_features(texts: Texts, features: DataFrame) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Columns of ``var`` and loadings in ``varm``."""
    entries = _entries(texts)
    names = {entry["block"]: entry["columns"] for entry in entries if entry["slot"] == "obsm" and "block" in entry}
    columns, loadings = {}, {}
    for entry in entries:
        key = entry["key"]
        if entry["slot"] == "var" and key in features:
            is_name = "label" in entry or "block" in entry
            columns[key] = _categorical(features[key]) if is_name else _single(features[key])
        elif entry.get("role") == "loadings":
            wanted = [loading_of(entry["block"], name) for name in names[entry["block"]]]
            loadings[key] = _single(features[wanted])
        elif entry.get("role") == "probability":
            loadings[key] = _single(features[panel_columns(entry)])
        elif entry.get("role") == "panel":
            loadings[key] = (features[panel_columns(entry)] == "True").to_numpy()
    return columns, loadings


def _entries(texts: Texts) -> list[dict[str, Any]]:
    return list(json.loads(texts[_keys.TRUTH]))


def _frame(path: Path) -> DataFrame:
    """A table of texts, its first column as names: what a column holds, the list of what is true says."""
    import pandas as pd

    cells = pd.read_csv(path, dtype=str, keep_default_na=False)
    # Not with index_col, which takes names such as 001 for numbers.
    table = cells.set_index(cells.columns[0]).rename_axis(None)
    _validate.unique(f"names in {path.name}", list(table.index))
    return table


def _single(texts: DataFrame | Series) -> np.ndarray:
    """Numbers in the precision of the truth, row by row, as those of the object: sums in another order differ."""
    return np.ascontiguousarray(texts.to_numpy(float).astype(np.float32))


def _categorical(column: Any) -> Any:
    """Names, and nothing where there is none."""
    import pandas as pd

    return pd.Categorical(column.where(column != ""))


def _tables(root: Path) -> dict[str, DataFrame]:
    import pandas as pd

    paths = [path for path in sorted(root.glob("*.csv")) if path.name != SPOTS]
    return {path.stem: pd.read_csv(path, index_col=0).rename(index=str) for path in paths}


def _copied(common: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, str) else value.copy() for key, value in common.items()}
