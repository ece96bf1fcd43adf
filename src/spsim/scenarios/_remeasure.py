"""Stage two again: new counts for the truth that an object carries."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim._random import seed_to_json
from spsim._stored import modality_params, read_params
from spsim.factors import MeanModel
from spsim.scenarios._assemble import rebuilt
from spsim.scenarios._measurement import Measurement, measure
from spsim.scenarios._modality import Modality

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def remeasure(mdata: MuData, seed: np.random.SeedSequence) -> MuData:
    """Return a copy of the truth with counts drawn from another seed."""
    params = read_params(mdata)
    params["seeds"]["counts"] = seed_to_json(seed)
    if params["origin"] is not None:
        params["origin"]["resampled"] = True
    measured = {name: _measured(adata, seed, sparse=params["sparse"]) for name, adata in mdata.mod.items()}
    return rebuilt(mdata, measured, json.dumps(params))


def _measured(adata: AnnData, seed: np.random.SeedSequence, *, sparse: bool) -> Measurement:
    record = modality_params(adata)
    modality = Modality(**record)
    spots, features = (np.asarray(frame[_keys.INDEX], np.intp) for frame in (adata.obs, adata.var))
    model = MeanModel.from_slots(record, adata)
    complete = _scattered(model, spots, features, modality.n_features)
    measured = measure(complete, modality, seed=seed, sparse=sparse)
    return measured if complete is model else measured.part(spots, features)


def _scattered(model: MeanModel, spots: np.ndarray, features: np.ndarray, n_features: int) -> MeanModel:
    """Put rows and columns back to where they were simulated, so that each meets its own random numbers."""
    if np.array_equal(spots, np.arange(len(spots))) and np.array_equal(features, np.arange(n_features)):
        return model
    n_spots = int(spots.max(initial=-1)) + 1
    by_spot = ("spatial_factors", "nonspatial_factors", "library_sizes")
    by_feature = ("spatial_loadings", "nonspatial_loadings", "efficiencies")
    placed: dict[str, Any] = {name: _at(spots, getattr(model, name), n_spots) for name in by_spot}
    placed |= {name: _at(features, getattr(model, name), n_features) for name in by_feature}
    return replace(model, **placed)


def _at(positions: np.ndarray, rows: np.ndarray | None, n_rows: int) -> np.ndarray | None:
    if rows is None:
        return None
    placed = np.zeros((n_rows, *rows.shape[1:]), rows.dtype)
    placed[positions] = rows
    return placed
