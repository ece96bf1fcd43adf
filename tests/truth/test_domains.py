"""Domains: where a factor is on, and how overlaps are named."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.truth import domains


def named(factors: np.ndarray, names: list[str]) -> list[str]:
    label = domains(np.asarray(factors), names)
    codes, labels = label.codes, list(label.names)
    assert set(codes.tolist()) == set(range(len(labels)))
    return [labels[code] for code in codes]


def test_no_spot_has_no_domain() -> None:
    label = domains(np.empty((0, 2)), ["a", "b"])
    codes, labels = label.codes, list(label.names)
    assert codes.shape == (0,) and labels == []


def test_a_factor_that_is_off_everywhere_makes_no_domain() -> None:
    assert named([[0.0, 1], [0, 0], [0, 1]], ["a", "b"]) == ["b", "background", "b"]
    assert named(np.zeros((3, 2)), ["a", "b"]) == ["background"] * 3


@pytest.mark.parametrize("unit", [1e-30, 0.1, 0.3, 1.0, 7.0, 1e30])
def test_half_of_the_own_maximum_is_off_and_more_is_on_in_any_unit(unit) -> None:
    """Each factor by its own maximum, however small."""
    factors = np.array([[4.0, 0], [2, 0], [2.0000001, 0], [1.9999999, 0], [0, 1e-3]]) * unit
    assert named(factors, ["a", "b"]) == ["a", "background", "a", "background", "b"]


def test_a_factor_below_zero_is_off() -> None:
    """The maximum counts from 0 on, or the half of a negative one would be above it."""
    assert named([[-4.0], [-1.0], [-2.0]], ["a"]) == ["background"] * 3


def test_background_is_first_then_single_factors_then_overlaps_each_in_factor_order() -> None:
    on = [[1, 1, 1], [0, 1, 1], [0, 0, 1], [1, 0, 1], [0, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 0]]
    label = domains(np.array(on, float), ["a", "b", "c"])
    codes, labels = label.codes, list(label.names)
    assert labels == ["background", "a", "b", "c", "a+b", "a+c", "b+c", "a+b+c"]
    assert codes.tolist() == [7, 6, 3, 5, 0, 2, 4, 1]
