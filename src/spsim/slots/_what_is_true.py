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
    yield from _arrays(observations.values, ("obs", "obsm", "obsp"), observations.columns)
    yield _record()


def known_labels(sets: Mapping[str, Observations], positions: Mapping[str, np.ndarray], n: int) -> Iterator[Entry]:
    """Yield what an experimenter knows of the sets that can be measured, where a MuData holds nothing else of them.

    Parameters
    ----------
    sets
        Sets of observations by name.
    positions
        Where the observations of each set stand in the MuData, -1 for those that stand nowhere.
    n
        Number of observations there.
    """
    seen = {key: own for key, own in sets.items() if not own.is_hidden}
    names = dict.fromkeys(key for own in seen.values() for key, label in own.labels.items() if label.is_known)
    for name in names:
        known = {key: own.labels[name] for key, own in seen.items() if name in own.labels and own.labels[name].is_known}
        categories = list(dict.fromkeys(category for label in known.values() for category in label.names))
        codes = np.full(n, -1)
        for key, label in known.items():
            of_names = np.array([categories.index(category) for category in label.names] + [-1])
            rows = positions[key]
            codes[rows[rows >= 0]] = of_names[label.codes][rows >= 0]
        about = {"label": name, **({"groups": True} if all(label.separates for label in known.values()) else {})}
        yield Entry(slot="obs", key=name, value=categorical(codes, categories), known=True, about=about)
    yield _record()


def entries_of_modality(truth: Truth, name: str, layers: Mapping[str, Any], *, keep_mean: bool) -> Iterator[Entry]:
    """Yield what a modality holds."""
    observations, mean, features = truth.observations[truth.of[name]], truth.means[name], truth.features[name]
    yield from _labels("obs", observations.labels)
    yield _index("obs", observations.n)
    yield from _scales("obs", mean.sizes, "size")
    yield from _scales("obs", mean.folded, "folded")
    if mean.exposure is not None:
        yield Entry(slot="obs", key=_keys.EXPOSURE, value=mean.exposure, about={"role": "exposure"})
    yield from _places(observations)
    yield from _labels("var", features.labels)
    for block in mean.blocks:
        yield _factors(block.name, block.columns, block.factors)
        if block.mixed is not None:
            about = {"mixed": block.name, "role": "mixed", "columns": list(block.columns)}
            yield Entry(slot="obsm", key=_keys.mixed_of(block.name), value=block.mixed, about=about)
        yield _loadings(block)
        if block.is_assigned:
            value = main_factor(block.loadings, block.columns)
            yield Entry(slot="var", key=_keys.factor_of(block.name), value=value, about={"block": block.name})
    yield _index("var", mean.shape[1])
    yield from _scales("var", mean.efficiencies, "efficiency")
    if np.ndim(mean.baseline):
        yield Entry(slot="var", key=_keys.BASELINE, value=mean.baseline, about={"role": "baseline"})
    if mean.shapes is not None:
        yield Entry(slot="var", key=_keys.FEATURE_SHAPE, value=mean.shapes, about={"role": "shapes"})
    yield from _switch(mean)
    yield from _sums(mean)
    yield from _arrays(observations.values, ("obs", "obsm", "obsp"), observations.columns)
    yield from _arrays(features.values, ("var", "varm", "varp"), {})
    for key, layer in layers.items():
        yield Entry(slot="layers", key=key, value=layer, about={"role": "measured"})
    if keep_mean:
        yield Entry(slot="layers", key=_keys.MEAN, value=mean.rows())
    yield _record(is_hidden=observations.is_hidden)


def _labels(slot: str, labels: Mapping[str, Label]) -> Iterator[Entry]:
    for name, label in labels.items():
        about = {"label": name, **({"groups": True} if label.separates else {})}
        # Of samples a set holds its own: tools take each category of these for a part of the data.
        own = label.occurring if label.separates else label
        value = categorical(own.codes, own.names)
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
        frame = sites.coordinates if observations.frame is None else observations.frame
        yield Entry(slot="obsm", key=_keys.SPATIAL_TRUE, value=frame.copy())


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
        about = {"switch": switch.name, "by": switch.by, "categories": list(switch.label.names)}
        key, fold = _keys.probability_of(switch.name), _keys.fold_of(switch.name)
        yield Entry(slot="varm", key=key, value=switch.probability, about={**about, "role": "probability"})
        yield Entry(slot="var", key=fold, value=switch.fold, about={**about, "role": "fold"})


def _sums(mean: Mean) -> Iterator[Entry]:
    """What is summed over other observations, and which features are measured where."""
    parts, mixing, panel = mean.parts, mean.mixing, mean.panel
    if parts is not None:
        columns = next(list(block.columns) for block in mean.blocks if block.name == parts.block)
        about = {"parts": parts.block, "columns": columns}
        numbers, shapes = _keys.numbers_of(parts.block), _keys.shapes_of(parts.block)
        yield Entry(slot="obsm", key=numbers, value=parts.numbers, about={**about, "role": "numbers"})
        yield Entry(slot="obsm", key=shapes, value=parts.shape_scales, about={**about, "role": "part shapes"})
    if mixing is not None:
        about = {"mixing": mixing.name, "role": "weights"}
        yield Entry(slot="obsp", key=_keys.weights_of(mixing.name), value=mixing.weights, about=about)
    if panel is not None:
        about = {"panel": panel.name, "by": panel.by, "categories": list(panel.label.names), "role": "panel"}
        yield Entry(slot="varm", key=panel.name, value=panel.is_measured, known=True, about=about)


def _arrays(
    values: Mapping[str, Any], slots: tuple[str, str, str], columns: Mapping[str, tuple[str, ...]]
) -> Iterator[Entry]:
    for name, value in values.items():
        slot = slots[2] if is_sparse(value) else slots[min(np.ndim(value), 2) - 1]
        about = {"columns": list(columns[name])} if name in columns else {}
        yield Entry(slot=slot, key=name, value=value, about=about)


def _record(*, is_hidden: bool = False) -> Entry:
    # Nobody can measure hidden observations, so blind copies lack the modality.
    return Entry(slot="uns", key=_keys.UNS, value=None, about={"hidden": True} if is_hidden else {})
