"""Stage two again: new counts for the truth that an object carries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim._random import seed_to_json
from spsim.scenarios._measure import measure
from spsim.scenarios._modality import Modality
from spsim.slots import mean_of, modality_params, read_index, read_params, rebuilt, rebuilt_modality
from spsim.truth import Measurement, placed

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def remeasure(mdata: MuData, seed: np.random.SeedSequence) -> MuData:
    """Return a copy of the truth with counts drawn from another seed."""
    params = _reseeded(mdata, seed)
    measured = {name: _measured(adata, seed, sparse=params["sparse"]) for name, adata in mdata.mod.items()}
    return rebuilt(mdata, measured, json.dumps(params))


def remeasure_modality(adata: AnnData, seed: np.random.SeedSequence) -> AnnData:
    """Return a copy of one modality's truth with the counts that it has in the whole object for that seed."""
    params = _reseeded(adata, seed)
    return rebuilt_modality(adata, _measured(adata, seed, sparse=params["sparse"]), json.dumps(params))


def _reseeded(data: AnnData | MuData, seed: np.random.SeedSequence) -> dict[str, Any]:
    params = read_params(data)
    params["seeds"]["counts"] = seed_to_json(seed)
    if params["origin"] is not None:
        params["origin"]["resampled"] = True
    return params


def _measured(adata: AnnData, seed: np.random.SeedSequence, *, sparse: bool) -> Measurement:
    modality = Modality(**modality_params(adata))
    spots, features = read_index(adata)
    mean = mean_of(adata)
    complete = placed(mean, observations=spots, features=features, n_features=modality.n_features)
    measured = measure(complete, modality, seed=seed, sparse=sparse)
    return measured if complete is mean else measured.part(spots, features)
