"""What a user writes under a type checker: mypy reads it, nothing calls it.

Marked lines are mistakes that the checker must find; mypy reports a mark that has become unnecessary.
"""

from __future__ import annotations

import numpy as np

import spsim as sps
from spsim import patterns


def first_modality() -> sps.Modality:
    return sps.Scenario(modalities=[{}]).modalities[0]


def use() -> None:
    sps.Scenario(n_side=12, modalities=[{"name": "rna", "n_mixed": 10, "dropout_rate": 0.5}])
    sps.Scenario(
        pattern=patterns.quilt(),
        layout=patterns.Hexagonal(n_rows=3, n_columns=3),
        modalities=[sps.Modality(n_mixed=5, shape=3, active_factors=[0, "squares"])],
    )
    sps.Scenario(pattern=np.zeros((2, 3, 3)), modalities=(sps.Modality(library_size={"sd": 0.2}),))
    sps.datasets.quilt(n_mixed=10, library_size={"sd": 0.3}, rng=[1, 2])

    sps.Scenario([sps.Modality("rna", n_mixed=5)], layout=np.zeros((4, 2)))
    sps.simulate({"modalities": [{}]}, rng=1)
    sps.datasets.quilt(layout=patterns.Coordinates(np.zeros((4, 2)), spacing=1, obs_names=["a", "b", "c", "d"]))
    patterns.FactorMatrix(np.ones((4, 1)), np.zeros((4, 2)), spacing=1)

    patterns.Layers(3, 45.0)  # type: ignore[arg-type, call-arg]
    sps.Scenario(modalitys=[{}])  # type: ignore[call-arg]
    sps.Modality(n_mixd=3)  # type: ignore[call-arg]
    sps.datasets.quilt(n_mixd=3)  # type: ignore[call-arg]
    sps.datasets.quilt(rng="0")  # type: ignore[arg-type]
