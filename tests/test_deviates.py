"""Normal deviates, signs and log-normal effects at the edges of the uniforms they are made of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest, norm

from spsim._deviates import loading_signs, log_normal, normal_deviates
from spsim._random import Purpose, seed_sequence, stream

SOURCE = stream(seed_sequence(0), "rna")


def test_no_uniform_has_an_infinite_deviate() -> None:
    """The least uniform is 0, the largest 1 - 2**-53; both become the quantile of a number inside (0, 1)."""
    deviates = normal_deviates(np.array([0.0, 1 - 2.0**-53, 0.5, 2.0**-53]))
    assert np.isfinite(deviates).all()
    assert deviates[:3] == pytest.approx([norm.ppf(2.0**-54), norm.ppf(1 - 2.0**-53), 0], abs=1e-6)
    assert deviates[3] == pytest.approx(norm.ppf(1.5 * 2.0**-53), abs=1e-9)


def test_deviates_rise_with_their_uniforms() -> None:
    assert (np.diff(normal_deviates(np.linspace(0, 1 - 2.0**-53, 1001))) > 0).all()


@pytest.mark.parametrize(("median", "sd"), [(1.0, 0.3), (250.0, 1.0)])
def test_effects_are_log_normal_with_the_given_median_and_sd(median, sd) -> None:
    """Kolmogorov-Smirnov at 1e-4; a tenth off in either is told apart."""
    drawn = log_normal(20_000, median, sd, SOURCE, Purpose.LIBRARY_SIZE)
    assert drawn.dtype == np.float32 and drawn.shape == (20_000,)
    deviates = (np.log(drawn.astype(float)) - math.log(median)) / sd
    assert kstest(deviates, "norm").pvalue > 1e-4
    assert kstest(deviates * 1.1, "norm").pvalue < 1e-4 and kstest(deviates + 0.1, "norm").pvalue < 1e-4


def test_an_effect_without_spread_is_its_median() -> None:
    assert (log_normal(50, 2.5, 0.0, SOURCE, Purpose.LIBRARY_SIZE) == 2.5).all()


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_signs_are_down_with_the_given_probability(share) -> None:
    signs = loading_signs(10_000, share, SOURCE, tile=0)
    assert set(signs.tolist()) <= {-1.0, 1.0}
    # 4.5 standard errors: false-alarm rate 7e-6.
    assert abs((signs < 0).mean() - share) <= 4.5 * math.sqrt(share * (1 - share) / 10_000)
    others = loading_signs(10_000, share, SOURCE, tile=1)
    assert np.array_equal(signs, others) == (share in (0, 1))
