"""Default data set end to end against wrapping ready arrays in a MuData (CPU time, interleaved, medians).

Run: ``python benchmarks/end_to_end.py``.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from anndata import AnnData
from mudata import MuData

import spsim as sps
from spsim.slots import without_pulling

N_ROUNDS = 41


def main() -> None:
    """Print the ratio; the goal is at most 2."""
    ready = sps.datasets.multiomics()
    made, wrapped = medians(sps.datasets.multiomics, lambda: wrap(ready))
    print(f"multiomics() {made * 1e3:.1f} ms, wrapping its arrays {wrapped * 1e3:.1f} ms, ratio {made / wrapped:.2f}")


def wrap(ready: MuData) -> MuData:
    """Put the arrays and columns of every slot into a new object, by hand, as a user's script would."""
    modalities = {name: _anndata(name, adata) for name, adata in ready.mod.items()}
    with without_pulling():
        mdata = MuData(modalities)
    mdata.obs = pd.DataFrame({name: ready.obs[name].array for name in ready.obs}, index=mdata.obs_names)
    for key in ("spatial", "spatial_factors"):
        mdata.obsm[key] = ready.obsm[key].copy()
    mdata.uns["spsim"] = dict(ready.uns["spsim"])
    return mdata


def _anndata(name: str, adata: AnnData) -> AnnData:
    obs_names = [f"spot_{i}" for i in range(adata.n_obs)]
    var_names = [f"{name}_{j}" for j in range(adata.n_vars)]
    return AnnData(
        X=adata.X,
        obs=pd.DataFrame({column: adata.obs[column].array for column in adata.obs}, index=obs_names),
        var=pd.DataFrame({column: adata.var[column].array for column in adata.var}, index=var_names),
        obsm={key: value.copy() for key, value in adata.obsm.items()},
        varm={key: value.copy() for key, value in adata.varm.items()},
        layers={"counts": adata.X.copy()},
        uns={"spsim": dict(adata.uns["spsim"])},
    )


def medians(*functions: Callable[[], object]) -> list[float]:
    """Median CPU seconds of each function, taken in turn; as in ``timeit``, no garbage is collected on the clock."""
    seconds = np.empty((N_ROUNDS, len(functions)))
    gc.disable()
    for round_ in seconds:
        for i, function in enumerate(functions):
            gc.collect()
            start = time.process_time()
            function()
            round_[i] = time.process_time() - start
    gc.enable()
    return [float(value) for value in np.median(seconds, axis=0)]


if __name__ == "__main__":
    main()
