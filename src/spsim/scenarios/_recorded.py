"""The scenario that an object carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim.designs import SPOT
from spsim.patterns import FactorMatrix
from spsim.slots import arrays_digest, numbered, read_params, read_record, read_truth

if TYPE_CHECKING:
    from mudata import MuData


def recorded_fields(mdata: MuData) -> dict[str, Any]:
    """Return the fields of the scenario that an object was made from."""
    params = read_params(mdata)
    record = dict(params["scenario"])
    if isinstance(record["pattern"], dict) and "sha256" in record["pattern"]:
        record["pattern"] = _stored_pattern(mdata, params["factors"], record["pattern"]["sha256"])
    return record


def _stored_pattern(mdata: MuData, names: list[str], sha256: str) -> FactorMatrix:
    coordinates = np.asarray(mdata.obsm[_keys.SPATIAL], np.float64)
    factors = np.asarray(mdata.obsm[_keys.SPATIAL_FACTORS], np.float32)
    if arrays_digest(coordinates, factors) != sha256:
        msg = (
            f"obsm[{_keys.SPATIAL!r}] or obsm[{_keys.SPATIAL_FACTORS!r}] is not what was simulated (subset, reordered "
            "or changed), and the pattern or layout the user gave is stored nowhere else"
        )
        raise ValueError(msg)
    record = read_record(mdata)
    return FactorMatrix(
        factors=factors,
        coordinates=coordinates,
        names=names,
        spacing=float(record[_keys.SPACING]),
        unit=str(record[_keys.UNIT]),
        obs_names=None if mdata.obs_names.equals(numbered(SPOT, mdata.n_obs)) else mdata.obs_names.tolist(),
        slices=_stored_slices(mdata, read_params(mdata)["scenario"].get("factors", {})),
    )


def _stored_slices(mdata: MuData, recipes: Mapping[str, Any]) -> tuple[str, ...]:
    """Slices that the layout knew, not a recipe."""
    known = {entry["key"] for entry in read_truth(mdata) if entry["slot"] == "obs" and entry["known"]}
    return tuple(map(str, mdata.obs[_keys.SLICE])) if _keys.SLICE in known - set(recipes) else ()
