"""Small worlds of slices, for tests of what happens to slices."""

from __future__ import annotations

import numpy as np

import spsim as sps
from spsim.designs import Slices

RNA = {"name": "rna", "n_mixed": 12}
# Ramps from 0 to 1 along x and y over the box: factors say where in the tissue a spot was looked up.
RAMPS = sps.patterns.Gradient(angle=[0, 90])


def made(*motions, rng=4, modalities=(RNA,), design=None, n_side=10, **fields):
    """Slices with these motions; fields that a design has go there, the others into the scenario."""
    of_design = {name: fields.pop(name) for name in list(fields) if name in Slices.__dataclass_fields__}
    own = Slices(motions=motions, **of_design) if design is None else design
    places = {} if "layout" in fields else {"n_side": n_side}
    return sps.simulate(sps.Scenario(design=own, modalities=list(modalities), **places, **fields), rng=rng)


def rows(mdata, name: str) -> np.ndarray:
    return np.flatnonzero((mdata.obs["slice"] == name).to_numpy())


def same(first, second) -> None:
    """Two objects hold the same counts, places, factors and partners, bit for bit."""
    assert first.obs_names.equals(second.obs_names)
    for name in first.mod:
        assert np.array_equal(first[name].X, second[name].X)
    for key in ("spatial", "spatial_true", "spatial_factors"):
        assert np.array_equal(first.obsm[key], second.obsm[key])
    assert first.obs["domain"].tolist() == second.obs["domain"].tolist()
    if "partners" in first.obsp:
        assert (first.obsp["partners"] != second.obsp["partners"]).nnz == 0


def is_near(values, expected: float) -> bool:
    """Whether the mean of independent values is within five of its standard errors: false alarm once in 10⁶ tests."""
    values = np.ravel(values)
    return abs(values.mean() - expected) < 5 * values.std(ddof=1) / np.sqrt(len(values))
