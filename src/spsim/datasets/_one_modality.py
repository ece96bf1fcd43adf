"""A named pattern with one flat modality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim._random import RNGLike
from spsim.datasets._layout import placed
from spsim.patterns import LayoutLike
from spsim.scenarios import ModalityFields, Scenario, simulate

if TYPE_CHECKING:
    from mudata import MuData


def one_modality(
    pattern: str,
    n_side: int,
    *,
    layout: LayoutLike | None,
    modality: ModalityFields,
    rng: RNGLike,
    sparse: bool,
    keep_mean: bool,
) -> MuData:
    """Simulate a pattern with one modality, called ``rna`` unless its fields say otherwise."""
    scenario = Scenario(
        id=pattern, pattern=pattern, layout=placed(n_side, layout), modalities=[{"name": "rna", **modality}]
    )
    return simulate(scenario, rng=rng, sparse=sparse, keep_mean=keep_mean)
