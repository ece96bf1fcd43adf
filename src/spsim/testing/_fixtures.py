"""Fixtures: each test gets a copy of its own, and beside it the same data without the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spsim import get
from spsim.testing._recipes import fresh

if TYPE_CHECKING:
    from mudata import MuData


@pytest.fixture
def spsim_quilt() -> MuData:
    """``sps.datasets.quilt()``: 1,296 spots, 500 features, four overlapping factors; easy."""
    return fresh("spsim_quilt")


@pytest.fixture
def spsim_quilt_blind() -> MuData:
    """``spsim_quilt`` without its truth: what a method is given."""
    return get.without_truth(fresh("spsim_quilt"))


@pytest.fixture
def spsim_multiomics() -> MuData:
    """``sps.datasets.multiomics()``: 1,000 features of RNA and 100 of protein, each with factors of its own."""
    return fresh("spsim_multiomics")


@pytest.fixture
def spsim_multiomics_blind() -> MuData:
    """``spsim_multiomics`` without its truth: what a method is given."""
    return get.without_truth(fresh("spsim_multiomics"))


@pytest.fixture
def spsim_quilt_hard() -> MuData:
    """``sps.datasets.quilt(expression_mean=0.5, dropout_rate=0.5)``: weak and sparse enough to tell methods apart."""
    return fresh("spsim_quilt_hard")


@pytest.fixture
def spsim_quilt_hard_blind() -> MuData:
    """``spsim_quilt_hard`` without its truth: what a method is given."""
    return get.without_truth(fresh("spsim_quilt_hard"))


@pytest.fixture
def spsim_null() -> MuData:
    """``sps.datasets.quilt(expression_mean=0)``: there are factors but no feature shows them, so nothing can be found."""
    return fresh("spsim_null")


@pytest.fixture
def spsim_null_blind() -> MuData:
    """``spsim_null`` without its truth: what a method is given."""
    return get.without_truth(fresh("spsim_null"))
