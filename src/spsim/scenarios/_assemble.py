"""Truth and measurement in one MuData: the only file here that knows pandas, anndata and mudata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from spsim import _keys
from spsim._mudata import without_pulling
from spsim.factors import MeanModel, domain_names
from spsim.scenarios._provenance import Provenance, names_hash
from spsim.scenarios._truth import Truth

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Categorical, DataFrame, Index
    from scipy.sparse import csr_matrix

    Counts: TypeAlias = np.ndarray | csr_matrix

_OBS = (_keys.DOMAIN, _keys.X_COORDINATE, _keys.Y_COORDINATE, _keys.INDEX)
_VAR = (_keys.KIND, _keys.SPATIAL_FACTOR, _keys.NONSPATIAL_FACTOR, _keys.INDEX)


def assemble(truth: Truth, counts: Mapping[str, Counts], provenance: Provenance) -> MuData:
    """Return the data set, every slot filled."""
    import pandas as pd

    spots = pd.Index([f"spot_{i}" for i in range(len(truth.factors))])
    codes, categories = domain_names(truth.factors, truth.factor_names)
    domain = pd.Categorical.from_codes(codes, categories)
    common = provenance.to_uns(truth.coordinates, truth.factors) | {_keys.ACTIVITY: _activity(truth)}
    modalities = {
        name: _modality(name, truth, matrix, spots=spots, domain=domain, keep_mean=provenance.keep_mean)
        for name, matrix in counts.items()
    }
    for name, adata in modalities.items():
        adata.uns[_keys.UNS] = _record(common, adata.shape, spots, adata.var_names) | {_keys.MODALITY: name}
    mdata = as_mudata(modalities)
    mdata.obs = _obs(spots, domain, truth.coordinates)
    mdata.obsm[_keys.SPATIAL] = truth.coordinates.copy()
    mdata.obsm[_keys.SPATIAL_FACTORS] = truth.factors.copy()
    mdata.uns[_keys.UNS] = _record(common, mdata.shape, spots, mdata.var_names)
    return mdata


def rebuilt(mdata: MuData, counts: Mapping[str, Counts], params: str) -> MuData:
    """Return the truth of an object with other counts; whatever was computed from the old ones is left out."""
    modalities = {name: _with_counts(mdata[name], matrix, params) for name, matrix in counts.items()}
    again = as_mudata(modalities)
    order = mdata.obs_names.get_indexer(again.obs_names)
    again.obs = mdata.obs.iloc[order][list(_OBS)].copy()
    for key in (_keys.SPATIAL, _keys.SPATIAL_FACTORS):
        again.obsm[key] = np.asarray(mdata.obsm[key])[order]
    again.uns[_keys.UNS] = dict(mdata.uns[_keys.UNS]) | {_keys.PARAMS: params}
    return again


def as_mudata(modalities: Mapping[str, AnnData]) -> MuData:
    """Wrap modalities, leaving their columns where they are."""
    from mudata import MuData

    with without_pulling():
        return MuData(dict(modalities))


def _modality(
    name: str, truth: Truth, counts: Counts, *, spots: Index, domain: Categorical, keep_mean: bool
) -> AnnData:
    import pandas as pd
    from anndata import AnnData

    model = truth.means[name]
    index = np.arange(len(spots))
    layers = {_keys.COUNTS: counts.copy()} | ({_keys.MEAN: model.rows()} if keep_mean else {})
    return AnnData(
        X=counts,
        obs=pd.DataFrame({_keys.DOMAIN: domain, _keys.INDEX: index}, index=spots),
        var=_var(name, model, truth),
        obsm={
            _keys.SPATIAL: truth.coordinates.copy(),
            _keys.SPATIAL_FACTORS: truth.factors.copy(),
            _keys.NONSPATIAL_FACTORS: model.nonspatial_factors,
        },
        varm={
            _keys.SPATIAL_LOADINGS: model.spatial_loadings,
            _keys.NONSPATIAL_LOADINGS: model.nonspatial_loadings,
        },
        layers=layers,
    )


def _with_counts(adata: AnnData, counts: Counts, params: str) -> AnnData:
    from anndata import AnnData

    layers = {_keys.COUNTS: counts.copy()}
    if _keys.MEAN in adata.layers:
        layers[_keys.MEAN] = adata.layers[_keys.MEAN].copy()
    return AnnData(
        X=counts,
        obs=adata.obs[[_keys.DOMAIN, _keys.INDEX]].copy(),
        var=adata.var[list(_VAR)].copy(),
        obsm={key: np.array(adata.obsm[key]) for key in _keys.OBSM_KEYS},
        varm={key: np.array(adata.varm[key]) for key in (_keys.SPATIAL_LOADINGS, _keys.NONSPATIAL_LOADINGS)},
        layers=layers,
        uns={_keys.UNS: dict(adata.uns[_keys.UNS]) | {_keys.PARAMS: params}},
    )


def _var(name: str, model: MeanModel, truth: Truth) -> DataFrame:
    import pandas as pd

    n_nonspatial = model.nonspatial_loadings.shape[1]
    names = [f"nonspatial_{k + 1}" for k in range(n_nonspatial)]
    columns: dict[str, Any] = {
        _keys.KIND: pd.Categorical.from_codes(truth.kinds[name], _keys.KINDS),
        _keys.SPATIAL_FACTOR: _main_factor(model.spatial_loadings, list(truth.factor_names)),
        _keys.NONSPATIAL_FACTOR: _main_factor(model.nonspatial_loadings, names),
        _keys.INDEX: np.arange(model.shape[1]),
    }
    return pd.DataFrame(columns, index=pd.Index([f"{name}_{j}" for j in range(model.shape[1])]))


def _main_factor(loadings: np.ndarray, names: list[str]) -> Categorical:
    import pandas as pd

    if not names:
        return pd.Categorical.from_codes(np.full(len(loadings), -1), names)
    largest = np.abs(loadings).argmax(axis=1)
    return pd.Categorical.from_codes(np.where(loadings.any(axis=1), largest, -1), names)


def _obs(spots: Index, domain: Categorical, coordinates: np.ndarray) -> DataFrame:
    import pandas as pd

    columns = {
        _keys.DOMAIN: domain,
        _keys.X_COORDINATE: coordinates[:, 0],
        _keys.Y_COORDINATE: coordinates[:, 1],
        _keys.INDEX: np.arange(len(spots)),
    }
    return pd.DataFrame(columns, index=spots)


def _activity(truth: Truth) -> DataFrame:
    import pandas as pd

    active = {name: model.spatial_loadings.any(axis=0) for name, model in truth.means.items()}
    return pd.DataFrame.from_dict(active, orient="index", columns=list(truth.factor_names))


def _record(common: Mapping[str, Any], shape: tuple[int, ...], *names: Index) -> dict[str, Any]:
    return {**common, _keys.SHAPE: f"{shape[0]} x {shape[1]}", _keys.NAMES_HASH: names_hash(*names)}
