"""The mean and its classes."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from spsim.factors import MeanModel, domain_names, mean_classes


@pytest.fixture
def model() -> MeanModel:
    rng = np.random.default_rng(0)
    return MeanModel(
        background=0.2,
        spatial_factors=rng.integers(0, 2, (60, 4)).astype(np.float32),
        spatial_loadings=np.eye(4, dtype=np.float32)[rng.integers(0, 4, 30)] * 11,
        nonspatial_factors=rng.integers(0, 2, (60, 2)).astype(np.float32),
        nonspatial_loadings=np.eye(2, dtype=np.float32)[rng.integers(0, 2, 30)] * 9,
    )


def test_the_mean_is_the_papers_formula_entry_by_entry(model) -> None:
    mean = model.rows()
    assert mean.dtype == np.float64
    for i, j in [(0, 0), (7, 3), (59, 29)]:
        spatial = sum(float(model.spatial_factors[i, k]) * float(model.spatial_loadings[j, k]) for k in range(4))
        other = sum(float(model.nonspatial_factors[i, k]) * float(model.nonspatial_loadings[j, k]) for k in range(2))
        assert mean[i, j] == pytest.approx(0.2 + spatial + other, rel=1e-15)
    assert np.array_equal(model.rows(10, 20), mean[10:20])


def test_classes_reproduce_the_mean(model) -> None:
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert np.allclose(classes.means[classes.spot_class][:, classes.feature_class], model.rows(), rtol=1e-15)
    assert len(classes.means) <= 64 and classes.means.shape[1] <= 8


SIZES, EFFICIENCIES = np.linspace(0.5, 3, 60, dtype=np.float32), np.linspace(4, 0.25, 30, dtype=np.float32)
EFFECTS = {
    "sizes": {"library_sizes": SIZES},
    "efficiencies": {"efficiencies": EFFICIENCIES},
    "both": {"library_sizes": SIZES, "efficiencies": EFFICIENCIES},
}


@pytest.mark.parametrize("effects", EFFECTS.values(), ids=EFFECTS)
@pytest.mark.parametrize("link", ["identity", "log"])
def test_sizes_multiply_spots_and_efficiencies_features(model, link, effects) -> None:
    without = replace(model, link=link, spatial_loadings=model.spatial_loadings / 11)
    mean, plain = replace(without, **effects).rows(3, 50), without.rows(3, 50)
    for i, j in [(0, 0), (7, 3), (46, 29)]:
        factor = float(effects["library_sizes"][3 + i]) if "library_sizes" in effects else 1.0
        factor *= float(effects["efficiencies"][j]) if "efficiencies" in effects else 1.0
        assert mean[i, j] == pytest.approx(plain[i, j] * factor, rel=1e-14)


def test_the_log_link_adds_logarithms(model) -> None:
    mean = replace(model, link="log", spatial_loadings=model.spatial_loadings / 11).rows()
    effect = (
        model.spatial_factors @ model.spatial_loadings.T / 11 + model.nonspatial_factors @ model.nonspatial_loadings.T
    )
    np.testing.assert_allclose(np.log(mean), np.log(0.2) + effect, rtol=1e-6)


@pytest.mark.parametrize("effects", EFFECTS.values(), ids=EFFECTS)
def test_a_mean_with_an_effect_has_no_classes(model, effects) -> None:
    assert mean_classes(replace(model, **effects), most=4096) is None


def test_classes_are_counted_by_pairs(model) -> None:
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert mean_classes(model, most=classes.means.size) is not None
    assert mean_classes(model, most=classes.means.size - 1) is None


@pytest.mark.parametrize("effects", [{}, *EFFECTS.values()], ids=["none", *EFFECTS])
def test_the_slots_of_an_object_hold_the_whole_mean(model, effects) -> None:
    """Slots by their documented names; a column that is not there is an effect that is not there."""
    data = SimpleNamespace(
        obsm={"spatial_factors": model.spatial_factors, "nonspatial_factors": model.nonspatial_factors},
        varm={"spatial_loadings": model.spatial_loadings, "nonspatial_loadings": model.nonspatial_loadings},
        obs={"library_size": SIZES} if "library_sizes" in effects else {},
        var={"efficiency": EFFICIENCIES} if "efficiencies" in effects else {},
    )
    read = MeanModel.from_slots({"background_mean": 0.2, "link": "identity"}, data)
    assert (read.library_sizes is None, read.efficiencies is None) == (
        "library_sizes" not in effects,
        "efficiencies" not in effects,
    )
    assert np.array_equal(read.rows(), replace(model, **effects).rows())


def test_too_many_classes_are_declined(model) -> None:
    assert mean_classes(model, most=10) is None


def test_many_factors_do_not_overflow_the_packing() -> None:
    rng = np.random.default_rng(1)
    factors = rng.integers(0, 2, (200, 90)).astype(np.float32)
    factors[100:] = factors[:100]
    # The first column is what an overflow would push out.
    factors[100:, 0] = 1 - factors[:100, 0]
    ones = np.ones((1, 90), np.float32)
    empty = np.zeros((200, 0), np.float32)
    model = MeanModel(
        background=0,
        spatial_factors=factors,
        spatial_loadings=ones,
        nonspatial_factors=empty,
        nonspatial_loadings=np.zeros((1, 0), np.float32),
    )
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert len(np.unique(classes.spot_class)) == 200


def test_domains_name_overlaps_in_factor_order() -> None:
    factors = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.2, 0.9]])
    codes, names = domain_names(factors, ["a", "b"])
    assert [names[code] for code in codes] == ["background", "a", "b", "a+b", "b"]
    assert names == ["background", "a", "b", "a+b"]


def test_domains_without_background_have_no_such_category() -> None:
    assert domain_names(np.array([[1.0], [1.0]]), ["a"])[1] == ["a"]
