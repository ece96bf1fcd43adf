"""Objects of schema 1, written by spsim 0.1.0: they carry no list of what is true, so it is spelled here."""

from __future__ import annotations

from typing import Any

from spsim import _keys

CURRENT = "2"
SCHEMAS = ("1", CURRENT)


def first_list(data: Any, params: dict[str, Any], name: str | None) -> list[dict[str, Any]]:
    """Return the list of an object of schema 1, as far as the object holds it; ``name`` is the modality's, if it is one."""
    columns = {_keys.SPATIAL_BLOCK: params["factors"]}
    entries = [dict(entry) for entry in _COMMON]
    if name is None:
        entries += _AXES
    else:
        record: dict[str, Any] = next((r for r in params["scenario"]["modalities"] if r["name"] == name), {})
        scale = "log" if record.get("link") == "log" else "mean"
        columns[_keys.NONSPATIAL_BLOCK] = _keys.nonspatial_names(record.get("n_nonspatial_factors", 0))
        entries += _modality(scale)
    for entry in entries:
        if entry["slot"] == "obsm" and entry.get("block") in columns:
            entry["columns"] = list(columns[entry["block"]])
    return [entry for entry in entries if entry["key"] in getattr(data, entry["slot"])]


def every_first_entry() -> list[dict[str, Any]]:
    """Return everything that objects of schema 1 may hold."""
    return [*_COMMON, *_AXES, *_modality("mean")]


def _entry(slot: str, key: str, **about: Any) -> dict[str, Any]:
    return {"slot": slot, "key": key, "known": about.pop("known", False), **about}


_COMMON = (
    _entry("obs", _keys.DOMAIN, label=_keys.DOMAIN),
    _entry("obs", _keys.INDEX),
    _entry("obsm", _keys.SPATIAL, known=True),
    _entry("obsm", _keys.factors_of(_keys.SPATIAL_BLOCK), block=_keys.SPATIAL_BLOCK),
    _entry("uns", _keys.UNS),
)
_AXES = tuple(_entry("obs", key, known=True) for key in (_keys.X_COORDINATE, _keys.Y_COORDINATE))


def _modality(scale: str) -> list[dict[str, Any]]:
    blocks = {_keys.SPATIAL_BLOCK: True, _keys.NONSPATIAL_BLOCK: False}
    return [
        _entry("obs", _keys.LIBRARY_SIZE, role="size"),
        _entry("obsm", _keys.factors_of(_keys.NONSPATIAL_BLOCK), block=_keys.NONSPATIAL_BLOCK),
        _entry("var", _keys.KIND, label=_keys.KIND),
        *(_entry("var", _keys.factor_of(block), block=block) for block in blocks),
        _entry("var", _keys.INDEX),
        _entry("var", _keys.EFFICIENCY, role="efficiency"),
        *(
            _entry("varm", _keys.loadings_of(block), block=block, role="loadings", scale=scale, is_spatial=is_spatial)
            for block, is_spatial in blocks.items()
        ),
        _entry("layers", _keys.MEAN),
        _entry("layers", "counts_before_dropout", role="measured"),
    ]
