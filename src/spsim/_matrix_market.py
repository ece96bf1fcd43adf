"""A folder of Matrix Market and CSV files that R reads without Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def write_folder(mdata: MuData, folder: str) -> None:
    """Write counts as features × spots (as R's packages hold them) and the truth as tables.

    ``spots.csv`` holds coordinates, domain and spatial factors; ``activity.csv`` which modality sees which factor;
    ``parameters.json`` what made the data. Each modality has a folder with ``counts.mtx``, ``features.csv`` (kind,
    main factors, loadings), ``nonspatial_factors.csv`` and, where ``X`` is not the counts, ``values.mtx``.
    """
    root = Path(folder)
    root.mkdir()
    get.factors(mdata).assign(**_places(mdata), domain=get.domains(mdata)).to_csv(
        root / "spots.csv", index_label="spot"
    )
    get.activity(mdata).to_csv(root / "activity.csv", index_label="modality")
    (root / "parameters.json").write_text(str(mdata.uns[_keys.UNS][_keys.PARAMS]), encoding="utf-8")
    for name, adata in mdata.mod.items():
        _write_modality(adata, root / name)


def _places(mdata: MuData) -> dict[str, np.ndarray]:
    coordinates = mdata.obsm[_keys.SPATIAL]
    return {f"spatial_{axis}": coordinates[:, i] for i, axis in enumerate("xyz"[: coordinates.shape[1]])}


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
    table = adata.var.drop(columns=_keys.INDEX).join(spatial.join(loadings).add_prefix("loading_"))
    table.to_csv(folder / "features.csv", index_label="feature")
    factors = pd.DataFrame(adata.obsm[_keys.NONSPATIAL_FACTORS], index=adata.obs_names, columns=names)
    factors.to_csv(folder / "nonspatial_factors.csv", index_label="spot")
