"""Small worlds with effects, and observations for recipes alone."""

from __future__ import annotations

import numpy as np

import spsim as sps
from spsim._random import Stream, seed_sequence, stream
from spsim.truth import Label, Observations

RNA = {"name": "rna", "n_mixed": 40, "n_flat": 10}


def made(*effects, rng=0, n_slices=None, top=None, **fields):
    """Simulate one modality with these effects, on slices if there are any."""
    design = {} if n_slices is None else {"design": sps.designs.Slices(n_slices=n_slices)}
    return sps.simulate(
        sps.Scenario(**({"n_side": 8} | design | (top or {})), modalities=[RNA | {"effects": effects} | fields]),
        rng=rng,
    )


def spots(n_side: int = 8, **labels: tuple[str, ...]) -> Observations:
    """Spots of a square grid; categories of labels follow each other in runs."""
    n = n_side**2
    sites = sps.patterns.Grid(n_rows=n_side).sites(source())
    codes = {name: np.arange(n) * len(names) // n for name, names in labels.items()}
    return Observations(
        name="spot",
        n=n,
        places=sites.coordinates,
        sites=sites,
        labels={name: Label(codes=codes[name], names=tuple(names)) for name, names in labels.items()},
    )


def source(seed: int = 0, name: str = "rna") -> Stream:
    return stream(seed_sequence(seed), name)


def same(one, other) -> bool:
    """Whether counts are equal, also where a panel does not measure."""
    return np.array_equal(one, other, equal_nan=True)


def untouched(with_, without, *, but=()) -> None:
    """Nothing of one world differs in the other, but what the effect itself wrote and the counts."""
    for slot in ("obsm", "varm"):
        for key, values in getattr(without["rna"], slot).items():
            if key not in but:
                assert np.array_equal(values, getattr(with_["rna"], slot)[key]), key
