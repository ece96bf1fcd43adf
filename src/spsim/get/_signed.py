"""Whether a modality's values may be negative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim.likelihoods import from_dict
from spsim.slots import modality_params

if TYPE_CHECKING:
    from anndata import AnnData


def is_signed(adata: AnnData) -> bool:
    """Return whether a modality is measured in real numbers of either sign."""
    return from_dict(modality_params(adata)["likelihood"]).lowest_mean < 0
