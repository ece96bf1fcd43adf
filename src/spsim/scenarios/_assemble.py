"""Truth and measurement in one MuData: the only file here that knows pandas, anndata and mudata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim._mudata import without_pulling
from spsim.factors import MeanModel, domain_names
from spsim.scenarios._digest import joined_digest, names_digest
from spsim.scenarios._measurement import Measurement
from spsim.scenarios._provenance import Provenance
from spsim.scenarios._truth import Truth

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Categorical, CategoricalDtype, DataFrame, Index

_OBS = (_keys.DOMAIN, _keys.X_COORDINATE, _keys.Y_COORDINATE, _keys.INDEX)
_VAR = (_keys.KIND, _keys.SPATIAL_FACTOR, _keys.NONSPATIAL_FACTOR, _keys.INDEX, _keys.EFFICIENCY)


def assemble(truth: Truth, measured: Mapping[str, Measurement], provenance: Provenance) -> MuData:
    """Return the data set, every slot filled."""
    spots = _numbered("spot", len(truth.factors))
    domain = _categorical(*domain_names(truth.factors, truth.factor_names))
    common = provenance.to_uns(truth.coordinates, truth.factors) | {_keys.ACTIVITY: _activity(truth)}
    modalities = {
        name: _modality(name, truth, measurement, spots=spots, domain=domain, keep_mean=provenance.keep_mean)
        for name, measurement in measured.items()
    }
    spots_digest = names_digest(spots)
    for name, adata in modalities.items():
        names = spots_digest, names_digest(adata.var_names)
        adata.uns[_keys.UNS] = _record(common, adata.shape, *names) | {_keys.MODALITY: name}
    mdata = as_mudata(modalities)
    mdata.obs = _obs(spots, domain, truth.coordinates)
    mdata.obsm[_keys.SPATIAL] = truth.coordinates.copy()
    mdata.obsm[_keys.SPATIAL_FACTORS] = truth.factors.copy()
    mdata.uns[_keys.UNS] = _record(common, mdata.shape, spots_digest, names_digest(mdata.var_names))
    return mdata


def rebuilt(mdata: MuData, measured: Mapping[str, Measurement], params: str) -> MuData:
    """Return the truth of an object measured anew; whatever was computed from the old ones is left out."""
    modalities = {name: _remeasured(mdata[name], measurement, params) for name, measurement in measured.items()}
    again = as_mudata(modalities)
    order = mdata.obs_names.get_indexer(again.obs_names)
    again.obs = mdata.obs.iloc[order][list(_OBS)].copy()
    for key in (_keys.SPATIAL, _keys.SPATIAL_FACTORS):
        again.obsm[key] = np.asarray(mdata.obsm[key])[order]
    again.uns[_keys.UNS] = _renewed(mdata, params)
    return again


def as_mudata(modalities: Mapping[str, AnnData]) -> MuData:
    """Wrap modalities, leaving their columns where they are."""
    from mudata import MuData

    with without_pulling():
        return MuData(dict(modalities))


def _modality(
    name: str, truth: Truth, measured: Measurement, *, spots: Index, domain: Categorical, keep_mean: bool
) -> AnnData:
    import pandas as pd
    from anndata import AnnData

    model = truth.means[name]
    index = np.arange(len(spots))
    means = {_keys.MEAN: model.rows()} if keep_mean else {}
    return AnnData(
        X=_values(measured),
        obs=pd.DataFrame(
            _optional({_keys.DOMAIN: domain, _keys.INDEX: index, _keys.LIBRARY_SIZE: model.library_sizes}), index=spots
        ),
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
        layers=_layers(measured) | means,
    )


def _remeasured(adata: AnnData, measured: Measurement, params: str) -> AnnData:
    from anndata import AnnData

    means = {_keys.MEAN: adata.layers[_keys.MEAN].copy()} if _keys.MEAN in adata.layers else {}
    return AnnData(
        X=_values(measured),
        obs=adata.obs[[name for name in (_keys.DOMAIN, _keys.INDEX, _keys.LIBRARY_SIZE) if name in adata.obs]].copy(),
        var=adata.var[[name for name in _VAR if name in adata.var]].copy(),
        obsm={key: np.array(adata.obsm[key]) for key in _keys.OBSM_KEYS},
        varm={key: np.array(adata.varm[key]) for key in (_keys.SPATIAL_LOADINGS, _keys.NONSPATIAL_LOADINGS)},
        layers=_layers(measured) | means,
        uns={_keys.UNS: _renewed(adata, params)},
    )


def _values(measured: Measurement) -> Any:
    return measured.raw.copy() if measured.values is None else measured.values


def _layers(measured: Measurement) -> dict[str, Any]:
    return {_keys.COUNTS if measured.is_count else _keys.RAW: measured.raw, **measured.layers}


def _var(name: str, model: MeanModel, truth: Truth) -> DataFrame:
    import pandas as pd

    names = _keys.nonspatial_names(model.nonspatial_loadings.shape[1])
    columns: dict[str, Any] = {
        _keys.KIND: _categorical(truth.kinds[name], _keys.KINDS),
        _keys.SPATIAL_FACTOR: _main_factor(model.spatial_loadings, truth.factor_names),
        _keys.NONSPATIAL_FACTOR: _main_factor(model.nonspatial_loadings, names),
        _keys.INDEX: np.arange(model.shape[1]),
        _keys.EFFICIENCY: model.efficiencies,
    }
    return pd.DataFrame(_optional(columns), index=_numbered(name, model.shape[1]))


def _numbered(name: str, size: int) -> Index:
    import pandas as pd

    # A list would be searched for tuples first.
    return pd.Index(np.array([f"{name}_{i}" for i in range(size)], object))


def _optional(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: column for name, column in columns.items() if column is not None}


def _main_factor(loadings: np.ndarray, names: Sequence[str]) -> Categorical:
    if not names:
        return _categorical(np.full(len(loadings), -1), names)
    largest = np.abs(loadings).argmax(axis=1)
    return _categorical(np.where(loadings.any(axis=1), largest, -1), names)


def _categorical(codes: np.ndarray, names: Sequence[str]) -> Categorical:
    import pandas as pd

    return pd.Categorical.from_codes(codes, dtype=_categories(tuple(names)))


@lru_cache(maxsize=16)
def _categories(names: tuple[str, ...]) -> CategoricalDtype:
    """Return one type for all columns with these categories; making it costs more than a column."""
    import pandas as pd

    return pd.CategoricalDtype(names)


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

    active = [model.spatial_loadings.any(axis=0) for model in truth.means.values()]
    return pd.DataFrame(np.array(active), index=list(truth.means), columns=list(truth.factor_names))


def _record(common: Mapping[str, Any], shape: tuple[int, ...], *names: bytes) -> dict[str, Any]:
    own = {key: value if isinstance(value, str) else value.copy() for key, value in common.items()}
    return {**own, _keys.SHAPE: f"{shape[0]} x {shape[1]}", _keys.NAMES_HASH: joined_digest(*names)}


def _renewed(data: AnnData | MuData, params: str) -> dict[str, Any]:
    stale = (_keys.DROPPED, _keys.DROPPED_NAMES, _keys.DROPPED_FEATURES)
    record = {key: value for key, value in data.uns[_keys.UNS].items() if key not in stale}
    return {**record, _keys.ACTIVITY: record[_keys.ACTIVITY].copy(), _keys.PARAMS: params}
