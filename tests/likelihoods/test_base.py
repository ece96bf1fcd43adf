from __future__ import annotations

import json
import math

import pytest

from spsim.likelihoods import (
    Bernoulli,
    Gaussian,
    LogNormal,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
    from_dict,
)


def test_survives_json(likelihood):
    record = json.loads(json.dumps(likelihood.to_dict(), allow_nan=False))
    assert from_dict(record) == likelihood


def test_record_names_the_likelihood_and_its_parameters():
    assert NegativeBinomial(shape=10).to_dict() == {"name": "NegativeBinomial", "shape": 10.0}
    assert Poisson().to_dict() == {"name": "Poisson"}


def test_equal_values_hash_alike_whatever_the_number_type():
    assert NegativeBinomial(shape=10) == NegativeBinomial(shape=10.0)
    assert len({NegativeBinomial(shape=10), NegativeBinomial(shape=10.0), NegativeBinomial(shape=9)}) == 2
    assert NegativeBinomial() != ZeroInflatedNegativeBinomial()


def test_prints_as_a_call():
    text = repr(ZeroInflatedNegativeBinomial(shape=2, dropout_rate=0.5))
    assert text == "ZeroInflatedNegativeBinomial(shape=2.0, dropout_rate=0.5)"


def test_is_frozen():
    with pytest.raises(AttributeError):
        NegativeBinomial().shape = 3.0


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"name": "NegativeBinomal"}, "likelihood name must be one of .*'Poisson'.*did you mean 'NegativeBinomial'"),
        ({"name": "NegativeBinomial", "shap": 1}, "NegativeBinomial has no parameter 'shap' .did you mean 'shape'"),
        ({"shape": 1}, "likelihood must be a mapping with a 'name'"),
        (3, "likelihood must be a Likelihood, its name or its dict"),
        ({"name": "NegativeBinomial", "shape": 0}, "shape must be a number above 0 .*got 0"),
    ],
)
def test_refuses_unknown_records(record, message):
    with pytest.raises((TypeError, ValueError), match=message):
        from_dict(record)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: NegativeBinomial(shape=-1), ValueError, r"shape must be a number above 0 .*got -1"),
        (lambda: NegativeBinomial(shape=math.nan), ValueError, r"shape must be a number above 0 .*got nan"),
        (lambda: NegativeBinomial(shape="10"), TypeError, r"shape must be a number above 0 .*got '10'"),
        (lambda: ZeroInflatedNegativeBinomial(shape=0), ValueError, r"shape must be a number above 0 .*got 0"),
        (
            lambda: ZeroInflatedNegativeBinomial(dropout_rate=1.5),
            ValueError,
            r"dropout_rate must be a probability in \[0, 1\], got 1.5",
        ),
    ],
)
def test_refuses_wrong_parameters(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_lowest_means():
    """Counts have none below 0; only a Gaussian has none at all."""
    continuous = {"Gaussian": -math.inf, "LogNormal": 0.0}
    assert {kind.__name__: kind.lowest_mean for kind in (Gaussian, LogNormal)} == continuous
    for kind in (NegativeBinomial, NegativeBinomialMixture, Poisson, Bernoulli, ZeroInflatedPoisson):
        assert kind.lowest_mean == 0
    assert "lowest_mean" not in Gaussian().to_dict()


def test_the_background_of_a_mixture_is_plain_data():
    mixture = NegativeBinomialMixture(foreground_probability=0.25, background_mean=2, background_shape=3)
    foreground, background = mixture.parts()
    assert foreground == ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.75)
    assert (background.likelihood, background.mean, background.probability) == (NegativeBinomial(shape=3), 2.0, 0.75)
    assert NegativeBinomialMixture(foreground_probability=1).parts()[1] is None
    assert Poisson().parts() == (Poisson(), None)
