"""A folder of Matrix Market and CSV files that R reads without Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate, get
from spsim._names import usable_name

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

SPOT, FEATURE = _keys.ROWS
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_folder(mdata: MuData, folder: str) -> None:
    """Write counts as features × spots (as R's packages hold them) and the truth as tables.

    ``spots.csv`` holds coordinates, domain and spatial factors; ``activity.csv`` which modality sees which factor;
    ``parameters.json`` what made the data. Each modality has a folder with ``counts.mtx``, ``features.csv`` (kind,
    main factors, loadings), ``nonspatial_factors.csv`` and, where ``X`` is not the counts, ``values.mtx``.
    """
    root = Path(folder)
    root.mkdir()
    _write(root / "spots.csv", SPOT, get.factors(mdata), _places(mdata), get.domains(mdata).to_frame())
    _write(root / "activity.csv", _keys.MODALITY, get.activity(mdata))
    (root / "parameters.json").write_text(str(mdata.uns[_keys.UNS][_keys.PARAMS]), encoding="utf-8")
    for name, adata in mdata.mod.items():
        _write_modality(adata, root / usable_name("name of a modality", name, reserved=_keys.FILES))


def _places(mdata: MuData) -> DataFrame:
    import pandas as pd

    coordinates = mdata.obsm[_keys.SPATIAL]
    return pd.DataFrame(coordinates, index=mdata.obs_names, columns=_keys.PLACES[: coordinates.shape[1]])


def _write_modality(adata: AnnData, folder: Path) -> None:
    import pandas as pd
    from scipy.io import mmwrite
    from scipy.sparse import csr_matrix

    folder.mkdir()
    is_count = _keys.COUNTS in adata.layers
    if is_count:
        counts = csr_matrix(adata.layers[_keys.COUNTS])
        mmwrite(folder / "counts.mtx", counts.T.astype(np.int64))
    if not is_count or (csr_matrix(adata.X) != counts).nnz:
        dense = adata.X if isinstance(adata.X, np.ndarray) else adata.X.toarray()
        mmwrite(folder / "values.mtx", np.asarray(dense.T, np.float64), precision=9)
    spatial, nonspatial = get.loadings(adata), np.asarray(adata.varm[_keys.NONSPATIAL_LOADINGS])
    names = _keys.nonspatial_names(nonspatial.shape[1])
    loadings = pd.DataFrame(nonspatial, index=adata.var_names, columns=names)
    parts = adata.var.drop(columns=_keys.INDEX), spatial.add_prefix("loading_"), loadings.add_prefix("loading_")
    _write(folder / "features.csv", FEATURE, *parts)
    factors = pd.DataFrame(adata.obsm[_keys.NONSPATIAL_FACTORS], index=adata.obs_names, columns=names)
    _write(folder / "nonspatial_factors.csv", SPOT, factors)


def _write(path: Path, label: str, *parts: DataFrame) -> None:
    """Write tables with the same rows side by side; no column may take another one's place, no name be a formula."""
    import pandas as pd

    table = pd.concat(parts, axis=1)
    _validate.unique(f"columns of {path.name}", [label, *map(str, table.columns)])
    formulas = [name for name in map(str, table.index) if name.startswith(FORMULA)]
    if formulas:
        msg = f"names in {path.name} must not begin like a formula of a spreadsheet, got {_validate.shown(formulas[0])}"
        raise ValueError(msg)
    table.to_csv(path, index_label=label)
