"""The surface of counts: its bounds hold between the nodes, so that it never calls a count wrongly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spsim.likelihoods import Bernoulli, NegativeBinomial, Poisson
from spsim.sampling.surface._continued_counts import continued_counts
from spsim.sampling.surface._lane_scores import BANDS, LOST_BAND, OPEN_BAND, WIDEST_SCORE, lane_scores
from spsim.sampling.surface._shape_nodes import shape_nodes
from spsim.sampling.surface._surface import _kept_boxes, octave_boxes

CELLS, FINER = 8, 5
LIKELIHOODS = [NegativeBinomial(shape=shape) for shape in (0.03, 0.3, 2.5, 10, 1000)] + [Poisson(), Bernoulli()]


def wrong_calls(likelihood, octave, *, bound=1.0) -> tuple[int, int]:
    """Count places inside boxes whose whole number is called wrongly, and those that are called at all."""
    means = (2.0**octave * (1 + np.arange(CELLS * FINER + 1) / (CELLS * FINER)) - 1) / 16
    scores = WIDEST_SCORE * np.linspace(-1, 1, BANDS * FINER + 1)
    true, _ = continued_counts(likelihood, means, scores)
    boxes = octave_boxes((likelihood,), lane_scores(0.0), range(octave, octave + 1), between=False)
    (c0, cs, css, ct), (cst, ctt, cstt, error) = np.moveaxis(boxes[:, 0], -1, 1)
    n_wrong = n_called = 0
    for a, b in np.ndindex(FINER + 1, FINER + 1):
        s, t = a / FINER, b / FINER
        x = c0 + s * (cs + (s - 1) * css) + t * (ct + s * cst) + t * (t - 1) * (ctt + s * cstt)
        here = true[a : a + CELLS * FINER - FINER + 1 : FINER, b : b + BANDS * FINER - FINER + 1 : FINER]
        called = np.abs(x - np.rint(x)) > bound * error
        # At a whole number either side is right.
        called &= np.abs(here - np.rint(here)) > 1e-6
        n_wrong += np.count_nonzero(called & (np.floor(np.maximum(x, -0.5)) != np.floor(np.maximum(here, -0.5))))
        n_called += np.count_nonzero(called)
    return n_wrong, n_called


@pytest.mark.parametrize("likelihood", LIKELIHOODS, ids=str)
def test_no_count_is_called_wrongly(likelihood):
    for octave in range(0, 15, 2):
        assert wrong_calls(likelihood, octave)[0] == 0


def test_nearly_everything_is_called():
    n_wrong, n_called = wrong_calls(NegativeBinomial(shape=10), 7)
    assert n_called > 0.8 * (FINER + 1) ** 2 * CELLS * BANDS


def test_a_bound_too_tight_is_noticed():
    assert wrong_calls(NegativeBinomial(shape=0.3), 10, bound=0.05)[0] > 0


def test_few_shapes_have_tables_of_their_own():
    nodes = shape_nodes(NegativeBinomial(shape=[3, 1, 3, math.inf]))
    assert [likelihood.shape for likelihood in nodes.likelihoods] == [1.0, 3.0, math.inf]
    node, place = nodes.of_rows(0, 5)
    assert node.tolist() == [1, 0, 1, 2]
    assert place is None


def check_between(nodes, wanted, *, rows=(0, 1)):
    dispersions = np.array([1 / likelihood.shape for likelihood in nodes.likelihoods])
    node, place = nodes.of_rows(*rows)
    assert np.all(dispersions[node] <= wanted + 1e-9)
    assert np.all(dispersions[node + 1] >= wanted - 1e-9)
    assert np.all((place >= 0) & (place <= 1))


def test_many_shapes_lie_between_nodes():
    shapes = np.append(np.random.default_rng(0).lognormal(1, 1, 50).astype(np.float32), np.inf)
    check_between(shape_nodes(NegativeBinomial(shape=shapes)), 1 / shapes.astype(float))


def test_shapes_that_hardly_differ_lie_between_nodes():
    shapes = np.linspace(0.4e12, 0.8e12, 30)
    check_between(shape_nodes(NegativeBinomial(shape=shapes)), 1 / shapes)


@pytest.mark.parametrize(
    "shape",
    [2.0, [1.0, 2.0, 4.0], [1.0, math.inf], np.geomspace(0.1, 10, 20)],
    ids=["one", "few", "limit", "many"],
)
@pytest.mark.parametrize("scales", [[1.0, 2.0, 1.0], [*np.geomspace(0.5, 100, 40), math.inf]], ids=["few", "many"])
def test_scaled_shapes_are_nodes_or_lie_between_them(shape, scales):
    scales = np.asarray(scales)
    nodes = shape_nodes(NegativeBinomial(shape=shape), scales)
    wanted = scales[1:3, None] * np.atleast_1d(NegativeBinomial(shape=shape).shapes)
    if nodes.lie_between:
        check_between(nodes, 1 / wanted, rows=(1, 3))
        assert max(np.size(shape), len(scales)) > 8
    else:
        node, place = nodes.of_rows(1, 3)
        assert place is None
        np.testing.assert_array_equal(np.array([likelihood.shape for likelihood in nodes.likelihoods])[node], wanted)


@pytest.mark.parametrize("lost", [0.0, 0.3, 0.5, 1 - 2.0**-20, 1.0])
def test_lanes_below_the_dropout_rate_are_lost(lost):
    scores = lane_scores(lost)
    first = lost * 65536
    lanes = np.arange(65536)
    np.testing.assert_array_equal(scores.bands[lanes + 1 <= first], LOST_BAND)
    np.testing.assert_array_equal(scores.bands[(lanes < first) & (lanes + 1 > first)], OPEN_BAND)
    kept = scores.bands[lanes >= first]
    assert np.all((kept > LOST_BAND) & (kept < OPEN_BAND))
    assert np.all(np.diff(kept.astype(int)) >= 0)


def test_boxes_are_kept_and_read_only():
    made = [_kept_boxes((Poisson(),), lane_scores(0.0), range(1), between=False) for _ in range(2)]
    assert made[0] is made[1] and not made[0].flags.writeable
