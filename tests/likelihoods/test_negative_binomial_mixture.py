"""Parameters of background and foreground."""

from __future__ import annotations

import pytest

from spsim.likelihoods import NegativeBinomialMixture


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"foreground_probability": 1.5}, r"foreground_probability must be a probability in \[0, 1\], got 1.5"),
        ({"background_mean": -1}, "background_mean must be a finite number of at least 0, got -1"),
        ({"background_shape": 0}, "background_shape must be a number above 0 .*got 0"),
        ({"shape": 0}, "shape must be a number above 0 .*got 0"),
    ],
)
def test_refuses_wrong_parameters(change, message):
    with pytest.raises(ValueError, match=message):
        NegativeBinomialMixture(**change)
