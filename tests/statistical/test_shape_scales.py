"""Counts of spots with shapes of their own against the distributions they are named after.

False alarms: each of the 26 groups of a hundred thousand draws makes three checks (mean, variance, chi-square; see
``test_counts.py``), so a correct sampler with a fresh seed fails any of them with probability 6e-3. The seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.likelihoods import NegativeBinomial, ZeroInflatedNegativeBinomial
from spsim.sampling import sample_means
from statistical.test_counts import departures, probabilities

RNA = stream(seed_sequence(21), "rna")
PER_SPOT = {"few": [0.2, 1.0, 4.0], "many": [0.2, 0.3, 0.5, 0.8, 1.3, 2.0, 3.5, 6.0, 10.0, 50.0]}


def draw(likelihood, scales, mean=9.2):
    """A hundred thousand draws for each scale."""

    def mean_rows(start, stop):
        return np.full((stop - start, 1000), mean)

    repeated = np.repeat(scales, 100)
    counts = sample_means(likelihood, mean_rows, (len(repeated), 1000), stream=RNA, shape_scales=repeated)
    return np.split(counts, len(scales))


@pytest.mark.parametrize("likelihood", [NegativeBinomial(shape=2.5), ZeroInflatedNegativeBinomial(dropout_rate=0.3)])
@pytest.mark.parametrize("scales", list(PER_SPOT.values()), ids=list(PER_SPOT))
def test_counts_of_each_spot_have_their_distribution(likelihood, scales):
    for scale, counts in zip(scales, draw(likelihood, scales), strict=True):
        dropout = {"dropout_rate": likelihood.dropout_rate} if likelihood.shape == 10 else {}
        stated = type(likelihood)(shape=likelihood.shape * scale, **dropout)
        assert departures(counts, probabilities(stated, 9.2)) == []


def test_the_shape_of_another_spot_is_noticed():
    counts = draw(NegativeBinomial(shape=2.5), [1.0, 1.05])[1]
    assert departures(counts, probabilities(NegativeBinomial(shape=2.5), 9.2))


@pytest.mark.parametrize(("sizes", "exact"), [([1.0, 1.0, 1.0, 1.0], True), ([0.5, 1.0, 2.0], False)])
def test_a_sum_of_cells_has_the_shape_of_its_effective_number(sizes, exact):
    """Counts of cells, drawn one by one and added, against one draw; for unequal sizes mean and variance agree."""
    sizes = np.array(sizes)
    cells = sum(
        draw(NegativeBinomial(shape=0.7), [1.0], mean=3.0 * size)[0].reshape(-1)[
            np.random.default_rng(n).permutation(100_000)
        ]
        for n, size in enumerate(sizes)
    )
    number = sizes.sum() ** 2 / (sizes**2).sum()
    stated = probabilities(NegativeBinomial(shape=0.7 * number), 3.0 * sizes.sum())
    failed = departures(cells, stated)
    assert failed == [] if exact else "variance" not in failed and "mean" not in failed
