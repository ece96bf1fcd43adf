"""Every numeric field with values that nobody means: it works, quickly and finitely, or is refused by its name."""

from __future__ import annotations

import dataclasses
import time
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import spsim as sps
from hostile_values import EXTREME, own_error
from spsim import likelihoods, patterns
from spsim.likelihoods import Bernoulli, Gaussian, LogNormal, NegativeBinomial, NegativeBinomialMixture, Poisson

GRID = patterns.Grid(n_rows=6)
SCATTERED = patterns.Coordinates(coordinates=np.random.default_rng(0).random((36, 2)))
LAYOUTS = {
    "Grid": {"n_rows": 6},
    "Hexagonal": {"n_rows": 6, "n_columns": 6},
    "Jittered": {"n_rows": 6},
    "Uniform": {"n_spots": 36},
    "Stack": {"layout": GRID, "n_slices": 2},
}
PATTERNS = {
    "Gradient": {},
    "Radial": {},
    "Layers": {"wave_height": 0.1, "wave_length": 1.0},
    "GaussianProcess": {"length_scale": 2.0},
    "Blobs": {"radius": 1.0},
    "Potts": {"interaction": 0.9},
}
SHAPED = ("NegativeBinomial", "ZeroInflatedNegativeBinomial", "NegativeBinomialMixture")
LIKELIHOODS = (*SHAPED, "ZeroInflatedPoisson", "Gaussian", "LogNormal")
MEASURED_AS = (NegativeBinomial(), NegativeBinomial(shape=1e-3), Poisson(), Bernoulli(), Gaussian(), LogNormal())
LARGEST = np.finfo(np.float32).max


def simulated(*, layout: object = GRID, pattern: object = "quilt", **modality: object):
    fields = {"n_spatial": 3, "n_mixed": 2, "n_nonspatial": 1} | modality
    return sps.simulate(sps.Scenario(layout=layout, pattern=pattern, modalities=[fields]))


def cases() -> Iterator[tuple[str, str, Callable[[object], object]]]:
    for name, base in LAYOUTS.items():
        for field in _fields(getattr(patterns, name)):
            yield name, field, lambda v, n=name, b=base, f=field: simulated(layout=getattr(patterns, n)(**b | {f: v}))
    for name, base in PATTERNS.items():
        for field in _fields(getattr(patterns, name)):
            for layout in (GRID, SCATTERED):
                yield (
                    name,
                    field,
                    lambda v, n=name, b=base, f=field, where=layout: simulated(
                        pattern=getattr(patterns, n)(**b | {f: v}), layout=where
                    ),
                )
    for name in LIKELIHOODS:
        for field in _fields(getattr(likelihoods, name)):
            yield name, field, lambda v, n=name, f=field: simulated(likelihood=getattr(likelihoods, n)(**{f: v}))
    for field in sps.Modality.model_fields:
        for likelihood in MEASURED_AS:
            for link in ("identity", "log"):
                own = {"likelihood": likelihood, "link": link}
                yield f"Modality, {link}, {likelihood}", field, lambda v, f=field, o=own: simulated(**o | {f: v})
    for field in ("median", "sd"):
        for likelihood in MEASURED_AS:
            yield (
                f"LibrarySize, {likelihood}",
                field,
                lambda v, f=field, kind=likelihood: simulated(likelihood=kind, library_size={f: v}),
            )
    for field in ("n_side", "rng", "sparse", "keep_mean", "shape", "dropout_rate", "layout"):
        yield "quilt", field, lambda v, f=field: sps.datasets.quilt(**{"n_spatial": 3} | {f: v})
    yield "Coordinates", "spacing", lambda v: simulated(layout=patterns.Coordinates(coordinates=np.eye(2), spacing=v))
    yield "Coordinates", "coordinates", lambda v: simulated(layout=patterns.Coordinates(coordinates=[[0, 0], [1, v]]))
    yield "Mask", "mask", lambda v: simulated(layout=patterns.Mask(mask=[[1, v]]))
    yield "Mask", "spacing", lambda v: simulated(layout=patterns.Mask(mask=[[1, 1]], spacing=v))
    yield "Motifs", "pixels", lambda v: simulated(pattern=patterns.Motifs(pixels=[[[1, v]]]))
    yield "Motifs", "pixels", lambda v: simulated(pattern=patterns.Motifs(pixels=[[[1, v]]]), link="log")
    yield "Motifs", "pixels", lambda v: simulated(pattern=patterns.Motifs(pixels=v), likelihood=LogNormal())


def _fields(recipe: type) -> list[str]:
    return [field.name for field in dataclasses.fields(recipe) if field.init]


CASES = list(cases())


@pytest.mark.filterwarnings("ignore:no feature of modality")
@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{name}, {field}" for name, field, _ in CASES])
def test_an_extreme_value_works_or_is_refused_by_its_field(number) -> None:
    _, field, make = CASES[number]
    for value in EXTREME.values():
        start = time.process_time()
        made = []
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            text = own_error(lambda value=value, made=made: made.append(make(value)))
        assert time.process_time() - start < 5
        if text is None:
            _check_finite(made[0])
        else:
            assert field in text or _is_about_size(field, text), text


def _is_about_size(field: str, text: str) -> bool:
    """Memory is refused by the fields that sizes come from; a layout's own names stand for n_side and layout."""
    return field in ("n_rows", "n_columns", "n_spots", "n_slices") and "spots (n_side, layout, n_cells) ×" in text


def _check_finite(mdata) -> None:
    for part in mdata.mod.values():
        values = part.X if isinstance(part.X, np.ndarray) else part.X.toarray()
        slots = (*part.obsm.values(), *part.varm.values())
        assert all(np.isfinite(np.asarray(array)).all() for array in (values, *slots))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"noise_sd": 1e39}, "noise_sd must be at most 1e\\+30 in size, got 1e\\+39"),
        ({"noise_mean": -1e39}, "noise_mean must be at most"),
        ({"expression_mean": 1e300}, "expression_mean must be at most"),
        (
            {"expression_mean": 1e16},
            "expression_mean=1e\\+16, background_mean=0.2 give means of up to 1e\\+16 in modality",
        ),
        ({"background_mean": 1e20}, "background_mean=1e\\+20 give means of up to 1e\\+20 .* mean must be small enough"),
        ({"background_mean": 1e20, "likelihood": Poisson()}, "background_mean=1e\\+20 give means"),
        ({"background_mean": 1e20, "likelihood": Bernoulli()}, "background_mean=1e\\+20 give means"),
        ({"library_size": {"median": 1e38}}, "median of library_size must be at most"),
        ({"library_size": {"median": 1e20}}, "library_size=LibrarySize.*give means of up to"),
        ({"library_size": {"sd": 11}}, "sd of library_size must be at most 10"),
        ({"library_size": {"median": 1e30, "sd": 9}}, "median and sd of library_size must be smaller"),
        ({"library_size": {"sd": 8}}, "library_size=LibrarySize.*give means of up to"),
        ({"efficiency_sd": 9}, "efficiency_sd=9.0 give means of up to"),
        ({"efficiency_sd": 1e300}, "efficiency_sd must be at most 10"),
        ({"shape": 1e-20}, "mean must be small enough for counts .*shape=1e-20"),
        ({"shape": 1e15}, "shape must be at most 1e\\+12, or math.inf"),
        ({"shape": [10, 1e15] * 250}, "shape must be at most 1e\\+12, or math.inf"),
        ({"shape": [10.0, 2.0]}, r"shape must have one value per feature \(500\), got 2"),
        ({"link": "log", "background_mean": 1e-300, "expression_mean": 1e20}, "expression_mean must not be so many"),
        ({"likelihood": LogNormal(sd=9), "expression_mean": 1e25}, "give means of up to 1e\\+25 .*single precision"),
        ({"likelihood": NegativeBinomialMixture(), "expression_mean": 1e18}, "give means of up to"),
    ],
)
def test_what_could_not_be_measured_is_refused_when_it_is_written(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        sps.Modality(**fields)


@pytest.mark.parametrize("fields", [{"sd": 1e39}, {"sd": 1e300}, {"sd": 10**400}])
@pytest.mark.parametrize("likelihood", [Gaussian, LogNormal])
def test_no_spread_beyond_single_precision(likelihood, fields) -> None:
    with pytest.raises(ValueError, match="sd must be"):
        likelihood(**fields)


@pytest.mark.parametrize("link", ["identity", "log"])
@pytest.mark.parametrize("largest", [1e17, 1e25])
def test_what_only_drawing_shows_names_the_modality_and_its_fields(link, largest) -> None:
    pattern = patterns.FactorMatrix(factors=[[largest], [1.0]], coordinates=[[0, 0], [1, 0]])
    scenario = sps.Scenario(pattern=pattern, modalities=[{"name": "adt", "n_spatial": 5, "link": link}])
    message = (
        "modality 'adt' cannot be measured: mean must .*; lower expression_mean, background_mean, library_size, eff"
    )
    with warnings.catch_warnings(), pytest.raises(ValueError, match=message):
        warnings.simplefilter("error")
        sps.simulate(scenario)


def test_sane_extremes_stay_possible() -> None:
    assert simulated(shape=np.inf)["rna"].X.max() > 0
    assert simulated(shape=[np.inf] * 5 + [1e12])["rna"].X.max() > 0
    assert simulated(expression_mean=0)["rna"].X.max() < 20
    assert simulated(library_size={"median": 1000, "sd": 2})["rna"].X.max() > 1000
    assert simulated(likelihood=Gaussian(sd=1e6), noise_sd=1e6)["rna"].X.max() > 1e6
    assert simulated(likelihood=Poisson(), expression_mean=1e12)["rna"].X.max() > 1e11
