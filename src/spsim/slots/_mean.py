"""The mean of a modality, from what an object carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._random import seed_from_json, stream
from spsim.slots._one_simulation import check_one_simulation
from spsim.slots._read import modality_name, modality_params, read_params, read_truth
from spsim.truth import Block, Label, Mean, Panel, Parts, Switch

if TYPE_CHECKING:
    from anndata import AnnData


def mean_of(adata: AnnData) -> Mean:
    """Return the mean of a modality, complete, filtered or shuffled."""
    entries = read_truth(adata)
    baseline = [entry for entry in entries if entry.get("role") == "baseline"]
    return Mean(
        baseline=_float32(adata, baseline[0]) if baseline else modality_params(adata)["background_mean"],
        blocks=tuple(_block(adata, entry, entries) for entry in entries if entry.get("role") == "loadings"),
        sizes=_scales(adata, entries, "size"),
        efficiencies=_scales(adata, entries, "efficiency"),
        switch=_switch(adata, entries),
        exposure=_one(adata, entries, "exposure"),
        shapes=_one(adata, entries, "shapes"),
        parts=_parts(adata, entries),
        panel=_panel(adata, entries),
    )


def value_of(data: Any, entry: dict[str, Any]) -> Any:
    """Return what stands where an entry says."""
    held = getattr(data, entry["slot"])
    if entry["slot"] in ("var", "varm"):  # of features: one simulation's
        factors = [e["key"] for e in read_truth(data) if e["slot"] == "obsm" and "block" in e]
        check_one_simulation(data, (data.obsm[key] for key in factors if key in data.obsm), differing="factors")
    _validate.known_key(f"{entry['slot']} (truth that the mean is made of)", entry["key"], held)
    return held[entry["key"]]


def _block(adata: AnnData, entry: dict[str, Any], entries: list[dict[str, Any]]) -> Block:
    name = entry["block"]
    of_factors = next(e for e in entries if e["slot"] == "obsm" and e.get("block") == name)
    return Block(
        name=name,
        columns=tuple(of_factors["columns"]),
        factors=_float32(adata, of_factors),
        loadings=_float32(adata, entry),
        scale=entry["scale"],
        is_spatial=entry["is_spatial"],
        mixed=next((_float32(adata, e) for e in entries if e.get("mixed") == name), None),
    )


def _one(adata: AnnData, entries: list[dict[str, Any]], role: str) -> np.ndarray | None:
    return next((_float32(adata, entry) for entry in entries if entry.get("role") == role), None)


def _parts(adata: AnnData, entries: list[dict[str, Any]]) -> Parts | None:
    block = next((entry["parts"] for entry in entries if "parts" in entry), None)
    numbers, scales = _one(adata, entries, "numbers"), _one(adata, entries, "part shapes")
    if block is None or numbers is None or scales is None:
        return None
    return Parts(block=block, numbers=numbers, shape_scales=scales)


def _panel(adata: AnnData, entries: list[dict[str, Any]]) -> Panel | None:
    entry = next((entry for entry in entries if entry.get("role") == "panel"), None)
    if entry is None:
        return None
    return Panel(
        name=entry["panel"],
        by=entry["by"],
        label=_label(adata, entry["by"], entry["categories"]),
        is_measured=np.asarray(value_of(adata, entry), bool),
    )


def _label(adata: AnnData, key: str, names: list[str]) -> Label:
    """Return a column of obs with the categories that were simulated, also where some were filtered away."""
    _validate.known_key("obs (truth that the mean is made of)", key, adata.obs)
    held = adata.obs[key].astype(object).to_numpy()
    codes = {name: code for code, name in enumerate(names)}
    return Label(codes=np.array([codes.get(value, -1) for value in held], np.intp), names=tuple(names))


def _scales(adata: AnnData, entries: list[dict[str, Any]], role: str) -> dict[str, np.ndarray]:
    return {entry["key"]: _float32(adata, entry) for entry in entries if entry.get("role") == role}


def switch_of(adata: AnnData) -> Switch | None:
    """Return the entries of a modality that are on or off, complete, filtered or shuffled; None where nothing is."""
    return _switch(adata, read_truth(adata))


def _switch(adata: AnnData, entries: list[dict[str, Any]]) -> Switch | None:
    by_role = {entry["role"]: entry for entry in entries if "switch" in entry}
    if not by_role:
        return None
    probability, fold = by_role["probability"], by_role["fold"]
    seed = seed_from_json(read_params(adata)["seeds"]["truth"])
    return Switch(
        name=probability["switch"],
        by=probability["by"],
        label=_label(adata, probability["by"], probability["categories"]),
        probability=_float32(adata, probability),
        fold=_float32(adata, fold),
        stream=stream(seed, f"{modality_name(adata)}:{probability['switch']}"),
        observations=np.asarray(adata.obs[_keys.INDEX], np.int64),
        features=np.asarray(adata.var[_keys.INDEX], np.int64),
    )


def _float32(data: AnnData, entry: dict[str, Any]) -> np.ndarray:
    return np.asarray(value_of(data, entry), np.float32)
