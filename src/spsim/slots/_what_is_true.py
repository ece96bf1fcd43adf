"""What is true of an object, entry by entry: the one place that knows which part of the truth goes to which slot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from spsim import _keys
from spsim._objects import is_sparse
from spsim.slots._columns import categorical, main_factor
from spsim.slots._entry import Entry
from spsim.truth import Block, Label, Mean, Observations, Truth


def entries_at_the_top(observations: Observations) -> Iterator[Entry]:
    """Yield what a MuData itself holds, where all its modalities have the same observations."""
    yield from _labels("obs", observations.labels)
    yield from _axes(observations)
    yield _index("obs", observations.n)
    yield from _places(observations)
    yield from (_factors(name, factors.columns, factors.values) for name, factors in observations.factors.items())
    yield from _arrays(observations.values, ("obs", "obsm", "obsp"))
    yield _record()


def entries_of_modality(truth: Truth, name: str, layers: Mapping[str, Any], *, keep_mean: bool) -> Iterator[Entry]:
    """Yield what a modality holds."""
    observations, mean, features = truth.observations[truth.of[name]], truth.means[name], truth.features[name]
    yield from _labels("obs", observations.labels)
    yield _index("obs", observations.n)
    yield from _scales("obs", mean.sizes, "size")
    yield from _places(observations)
    yield from _labels("var", features.labels)
    for block in mean.blocks:
        yield _factors(block.name, block.columns, block.factors)
        yield _loadings(block)
        if block.is_assigned:
            value = main_factor(block.loadings, block.columns)
            yield Entry(slot="var", key=_keys.factor_of(block.name), value=value, about={"block": block.name})
    yield _index("var", mean.shape[1])
    yield from _scales("var", mean.efficiencies, "efficiency")
    if np.ndim(mean.baseline):
        yield Entry(slot="var", key=_keys.BASELINE, value=mean.baseline, about={"role": "baseline"})
    yield from _switch(mean)
    yield from _arrays(observations.values, ("obs", "obsm", "obsp"))
    yield from _arrays(features.values, ("var", "varm", "varp"))
    for key, layer in layers.items():
        yield Entry(slot="layers", key=key, value=layer, about={"role": "measured"})
    if keep_mean:
        yield Entry(slot="layers", key=_keys.MEAN, value=mean.rows())
    yield _record()


def _labels(slot: str, labels: Mapping[str, Label]) -> Iterator[Entry]:
    for name, label in labels.items():
        about = {"label": name, **({"groups": True} if label.separates else {})}
        value = categorical(label.codes, label.names)
        yield Entry(slot=slot, key=name, value=value, known=label.is_known, about=about)


def _axes(observations: Observations) -> Iterator[Entry]:
    """Coordinates again, for tools that read only ``obs``."""
    if observations.places is not None:
        for axis, key in enumerate(_keys.axes(observations.places.shape[1])):
            yield Entry(slot="obs", key=key, value=observations.places[:, axis], known=True)


def _index(slot: str, size: int) -> Entry:
    return Entry(slot=slot, key=_keys.INDEX, value=np.arange(size))


def _places(observations: Observations) -> Iterator[Entry]:
    places, sites = observations.places, observations.sites
    if places is not None:
        yield Entry(slot="obsm", key=_keys.SPATIAL, value=places.copy(), known=True)
    if sites is not None and places is not None and sites.coordinates is not places:
        yield Entry(slot="obsm", key=_keys.SPATIAL_TRUE, value=sites.coordinates.copy())


def _factors(name: str, columns: tuple[str, ...], values: np.ndarray) -> Entry:
    about = {"block": name, "columns": list(columns)}
    return Entry(slot="obsm", key=_keys.factors_of(name), value=values.copy(), about=about)


def _loadings(block: Block) -> Entry:
    about = {"block": block.name, "role": "loadings", "scale": block.scale, "is_spatial": block.is_spatial}
    return Entry(slot="varm", key=_keys.loadings_of(block.name), value=block.loadings, about=about)


def _scales(slot: str, scales: Mapping[str, np.ndarray], role: str) -> Iterator[Entry]:
    for name, values in scales.items():
        yield Entry(slot=slot, key=name, value=values, about={"role": role})


def _switch(mean: Mean) -> Iterator[Entry]:
    switch = mean.switch
    if switch is not None:
        about = {"switch": switch.name, "by": switch.by}
        key, fold = _keys.probability_of(switch.name), _keys.fold_of(switch.name)
        yield Entry(slot="varm", key=key, value=switch.probability, about={**about, "role": "probability"})
        yield Entry(slot="var", key=fold, value=switch.fold, about={**about, "role": "fold"})


def _arrays(values: Mapping[str, Any], slots: tuple[str, str, str]) -> Iterator[Entry]:
    for name, value in values.items():
        slot = slots[2] if is_sparse(value) else slots[min(np.ndim(value), 2) - 1]
        yield Entry(slot=slot, key=name, value=value)


def _record() -> Entry:
    return Entry(slot="uns", key=_keys.UNS, value=None)
