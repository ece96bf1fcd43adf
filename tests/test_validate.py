"""Named checks."""

from __future__ import annotations

import numpy as np
import pytest

from spsim import _validate


@pytest.mark.parametrize("value", [0, -1, 2.5, "3", True, None, np.nan])
def test_whole_refuses(value) -> None:
    with pytest.raises((TypeError, ValueError), match="n_side must be a whole number of at least 1, got"):
        _validate.whole("n_side", value, at_least=1)


def test_whole_takes_numpy_integers() -> None:
    assert _validate.whole("n_side", np.int32(4), at_least=1) == 4


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan, "0.5", True])
def test_probability_refuses(value) -> None:
    with pytest.raises((TypeError, ValueError), match=r"p must be a probability in \[0, 1\], got"):
        _validate.probability("p", value)


@pytest.mark.parametrize("value", [0.0, -1, np.inf, np.nan, "1", False])
def test_real_refuses(value) -> None:
    with pytest.raises((TypeError, ValueError), match="mean must be a finite number above 0, got"):
        _validate.real("mean", value, above=0)


def test_the_closest_name_is_offered() -> None:
    with pytest.raises(
        ValueError, match=r"pattern must be one of 'quilt', 'both', got 'quit' \(did you mean 'quilt'\?\)"
    ):
        _validate.one_of("pattern", "quit", ["quilt", "both"])
    with pytest.raises(KeyError, match="there are 'X_nmf'"):
        _validate.known_key("obsm", "X_pca", ["X_nmf"])


def test_arrays_with_bad_values_are_refused_by_count() -> None:
    with pytest.raises(ValueError, match="coordinates must be finite, got 2 NaN or infinite values"):
        _validate.finite("coordinates", np.array([np.nan, 1, np.inf]))
    with pytest.raises(ValueError, match="factors must not be negative, got a minimum of -2"):
        _validate.non_negative("factors", np.array([-2.0, 1]))


def test_repeated_names_are_listed() -> None:
    with pytest.raises(ValueError, match="names must be unique, got 'a' more than once"):
        _validate.unique("names", ["a", "b", "a"])
