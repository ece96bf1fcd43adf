"""Stage two again: new counts for the truth that an object carries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim._random import seed_to_json
from spsim._stored import modality_params, read_params
from spsim.factors import MeanModel
from spsim.scenarios._assemble import rebuilt
from spsim.scenarios._modality import Modality
from spsim.scenarios._observe import observe

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from scipy.sparse import csr_matrix


def remeasure(mdata: MuData, seed: np.random.SeedSequence) -> MuData:
    """Return a copy of the truth with counts drawn from another seed."""
    params = read_params(mdata)
    params["seeds"]["counts"] = seed_to_json(seed)
    counts = {name: _counts(name, adata, seed, sparse=params["sparse"]) for name, adata in mdata.mod.items()}
    return rebuilt(mdata, counts, json.dumps(params))


def _counts(name: str, adata: AnnData, seed: np.random.SeedSequence, *, sparse: bool) -> np.ndarray | csr_matrix:
    record = modality_params(adata)
    spots, features = (np.asarray(frame[_keys.INDEX], np.intp) for frame in (adata.obs, adata.var))
    model = MeanModel.from_slots(record["background_mean"], adata.obsm, adata.varm)
    complete = _scattered(model, spots, features)
    modality = Modality(**record)
    counts = observe(complete, modality.likelihood, seed=seed, modality=modality.name, sparse=sparse)
    return counts if complete is model else counts[spots][:, features]


def _scattered(model: MeanModel, spots: np.ndarray, features: np.ndarray) -> MeanModel:
    """Put rows and columns back to where they were simulated, so that each meets its own random numbers."""
    if np.array_equal(spots, np.arange(len(spots))) and np.array_equal(features, np.arange(len(features))):
        return model
    return MeanModel(
        background=model.background,
        spatial_factors=_at(spots, model.spatial_factors),
        spatial_loadings=_at(features, model.spatial_loadings),
        nonspatial_factors=_at(spots, model.nonspatial_factors),
        nonspatial_loadings=_at(features, model.nonspatial_loadings),
    )


def _at(positions: np.ndarray, rows: np.ndarray) -> np.ndarray:
    placed = np.zeros((positions.max(initial=-1) + 1, rows.shape[1]), rows.dtype)
    placed[positions] = rows
    return placed
