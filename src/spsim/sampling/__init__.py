"""The exact sampler: a likelihood, means and a named stream of random numbers become measurements and masks."""

from __future__ import annotations

from spsim.sampling._csr import sample_classes_csr, sample_means_csr
from spsim.sampling._dense import sample_classes, sample_means
from spsim.sampling._extremes import check_extremes
from spsim.sampling._masks import dropout_mask, foreground_mask

__all__ = [
    "check_extremes",
    "dropout_mask",
    "foreground_mask",
    "sample_classes",
    "sample_classes_csr",
    "sample_means",
    "sample_means_csr",
]
