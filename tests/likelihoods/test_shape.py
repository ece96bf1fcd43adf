"""One shape, or one per feature."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from spsim.likelihoods import NegativeBinomial, ZeroInflatedNegativeBinomial, from_dict


def test_shapes_are_rounded_to_single_precision_and_frozen():
    likelihood = NegativeBinomial(shape=np.array([0.1, 2.0]))
    assert likelihood.shape == (float(np.float32(0.1)), 2.0)
    assert likelihood == NegativeBinomial(shape=[0.1, 2])
    assert len({likelihood, NegativeBinomial(shape=(0.1, 2.0))}) == 1


def test_survives_json():
    likelihood = ZeroInflatedNegativeBinomial(shape=[0.1, math.inf], dropout_rate=0.5)
    record = json.loads(json.dumps(likelihood.to_dict(), allow_nan=False))
    assert record["shape"] == [float(np.float32(0.1)), "inf"]
    assert from_dict(record) == likelihood


def test_many_shapes_print_short():
    assert len(repr(NegativeBinomial(shape=np.ones(20_000)))) < 100


@pytest.mark.parametrize(
    ("shape", "error", "message"),
    [
        ([1.0, 0.0], ValueError, "shape must be a number above 0 .*got 0.0"),
        ([1.0, 1e-60], ValueError, "shape must be a number above 0 .*got 0.0"),
        ([1.0, "a"], TypeError, "shape must be a number above 0 .*got 'a'"),
        ([], ValueError, "shape must be one number or one number per feature, got \\[\\]"),
        (np.ones((2, 2)), ValueError, "shape must be one number or one number per feature"),
        (None, TypeError, "shape must be a number above 0 .*got None"),
    ],
)
def test_refuses_wrong_shapes(shape, error, message):
    with pytest.raises(error, match=message):
        NegativeBinomial(shape=shape)


def test_tails_of_all_features_at_once():
    """Features are the last axis."""
    means, counts = np.full((4, 2), 9.0), np.arange(4.0)[:, None]
    found = NegativeBinomial(shape=[1.0, math.inf]).cdf(means, counts)
    for j, shape in enumerate((1.0, math.inf)):
        np.testing.assert_array_equal(found[:, j], NegativeBinomial(shape=shape).cdf(means[:, j], counts[:, 0]))
