"""Refuse a modality whose largest means no likelihood can measure, before anything is drawn."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from spsim import _validate
from spsim._deviates import LARGEST_DEVIATE
from spsim.factors import Sizes
from spsim.likelihoods import Likelihood
from spsim.sampling import check_extremes

# One of a million normal deviates is larger.
USUAL_DEVIATE = 5.0
# Of a logarithm: a deviate of such a size or efficiency still fits into single precision.
MOST_SPREAD = 10.0


class Measured(Protocol):
    """What is looked at of a modality."""

    @property
    def name(self) -> str: ...
    @property
    def expression_mean(self) -> float: ...
    @property
    def background_mean(self) -> float: ...
    @property
    def background_sd(self) -> float: ...
    @property
    def efficiency_sd(self) -> float: ...
    @property
    def library_size(self) -> Sizes | None: ...
    @property
    def noise_mean(self) -> float: ...
    @property
    def noise_sd(self) -> float: ...
    @property
    def likelihood(self) -> Likelihood: ...
    @property
    def full_weight(self) -> float: ...
    @property
    def n_features(self) -> int: ...


def check_measurable(modality: Measured) -> None:
    """Refuse what would only fail, or become infinite, when it is measured."""
    if not modality.full_weight <= _validate.LARGEST:
        msg = (
            f"expression_mean must not be so many times background_mean with link='log', got "
            f"{modality.expression_mean:g} and {modality.background_mean:g} in modality {modality.name!r}"
        )
        raise ValueError(msg)
    largest = _largest_mean(modality)
    try:
        check_extremes(modality.likelihood, largest, modality.n_features)
    except ValueError as error:
        msg = f"{_fields(modality)} give means of up to {largest:g} in modality {modality.name!r}: {error}"
        raise ValueError(msg) from error


def check_noise(modality: Measured) -> None:
    """Refuse noise that single precision cannot hold."""
    largest = abs(modality.noise_mean) + LARGEST_DEVIATE * modality.noise_sd
    if largest > np.finfo(np.float32).max:
        msg = f"noise_mean and noise_sd must be smaller, got {modality.noise_mean:g} and {modality.noise_sd:g}"
        raise ValueError(msg)


def _largest_mean(modality: Measured) -> float:
    """Mean of a feature whose factors are fully on, in a large spot and with a high efficiency."""
    spread, median = modality.efficiency_sd + modality.background_sd, 1.0
    sizes = modality.library_size
    if sizes is not None and sizes.is_composed:
        # No entry exceeds the total of its row.
        return sizes.center * math.exp(USUAL_DEVIATE * sizes.spread)
    if sizes is not None:
        spread, median = spread + sizes.spread, sizes.center
    exponent = USUAL_DEVIATE * spread
    return (modality.background_mean + modality.expression_mean) * median * math.exp(exponent)


def _fields(modality: Measured) -> str:
    """The fields that a mean comes from, and their values."""
    names = ["expression_mean", "background_mean"]
    names += [name for name in ("background_sd", "efficiency_sd") if getattr(modality, name)]
    names += ["library_size"] if modality.library_size is not None else []
    return ", ".join(f"{name}={getattr(modality, name)!r}" for name in names)
