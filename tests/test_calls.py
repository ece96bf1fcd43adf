"""From what is in a user's head to a call: other packages' words, one argument by position, names, and what to do next."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import spsim as sps
from layout_examples import EXAMPLES as LAYOUTS
from pattern_examples import EXAMPLES as PATTERNS
from spsim import designs, factors, likelihoods, patterns
from spsim._keywords import _SYNONYMS, instead
from spsim._recipe import Recipe

XY = np.random.default_rng(0).uniform(0, 100, size=(50, 2))
MAKERS = {
    "quilt": sps.datasets.quilt,
    "ggblocks": sps.datasets.ggblocks,
    "multiomics": sps.datasets.multiomics,
    "simulate": lambda **fields: sps.simulate("quilt", **fields),
    "Scenario": lambda **fields: sps.Scenario([{}], **fields),
    "Modality": lambda **fields: sps.Modality("rna", **fields),
    "json": lambda **fields: sps.simulate({"modalities": [{}], **fields}),
    "in a list": lambda **fields: sps.datasets.multiomics([{"name": "rna", **fields}]),
}
WRITTEN = {
    "seed": "write rng=",
    "random_state": "write rng=",
    "random_sate": "write rng=",
    "n_batches": "spsim.designs.Slices(n_slices=…)",
    "n_slices": "spsim.designs.Slices(n_slices=…)",
    "nSlices": "spsim.designs.Slices(n_slices=…)",
    "cell_types": "spsim.factors.CellTypes(n_types=…)",
    "n_cell_types": "spsim.factors.CellTypes(n_types=…)",
    "coordinates": "write layout=",
    "xy": "write layout=",
    "n_factors": "write pattern=",
    "n_components": "write pattern=",
    "n_spots": "write n_side=",
    "n_obs": "write n_side=",
    "n_cells": "write n_side=",
    "n_vars": "n_mixed",
    "n_features": "n_mixed",
    "n_genes": "n_mixed",
    "batch_effect": "spsim.factors.Batch(by='slice')",
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("word", WRITTEN)
def test_words_of_other_packages_are_told_what_to_write(maker, word) -> None:
    with pytest.raises((TypeError, ValueError)) as refused:
        MAKERS[maker](**{word: 3})
    text = str(refused.value)
    assert f"{word!r}: " in text and WRITTEN[word] in text and "; there are " in text
    assert "__init__" not in text and "unexpected keyword" not in text


def test_other_functions_that_draw_tell_it_too() -> None:
    mdata = sps.datasets.quilt(6, n_spatial=8)
    for call in (
        lambda: sps.datasets.resample(mdata, seed=1),
        lambda: sps.datasets.published("nsf_quilt", seed=1),
        lambda: sps.datasets.drop_modality(mdata, "rna", random_state=1),
    ):
        with pytest.raises(TypeError, match="has no parameter '(seed|random_state)': write rng="):
            call()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: patterns.Layers(n_factors=5), "Layers has no parameter 'n_factors': write n_layers=; there are"),
        (lambda: patterns.Potts(1, n_factors=5), "Potts has no parameter 'n_factors': write n_states="),
        (lambda: patterns.Potts(beta=1), "'beta': write interaction="),
        (lambda: patterns.Uniform(n_obs=5), "'n_obs': write n_spots="),
        (lambda: patterns.Grid(n_spots=5), "'n_spots': write n_rows= and n_columns="),
        (lambda: patterns.Coordinates(xy=XY), "'xy': write coordinates="),
        (lambda: patterns.Mask(img=XY), "'img': write mask="),
        (lambda: sps.LibrarySize(mean=1), "LibrarySize has no parameter 'mean': write median="),
        (lambda: likelihoods.NegativeBinomial(dispersion=1), "'dispersion': write shape="),
        (lambda: likelihoods.Gaussian(sigma=1), "'sigma': write sd="),
        (lambda: likelihoods.ZeroInflatedPoisson(pi=0.1), "'pi': write dropout_rate="),
        (lambda: designs.Slices(n_batches=2), "'n_batches': write n_slices="),
        (lambda: factors.CellTypes(n_cell_types=2), "'n_cell_types': write n_types="),
        (lambda: factors.Batch(batch="slice"), "'batch': write by="),
        (lambda: factors.Markers(weigth=2), r"Markers has no parameter 'weigth' \(did you mean 'weight'\?\)"),
        (lambda: likelihoods.Poisson(rate=2), "Poisson has no parameter 'rate'; there are none"),
        (lambda: patterns.Blobs(), r"Blobs needs radius: write Blobs\(radius=…\)"),
        (lambda: patterns.FactorMatrix(XY), r"FactorMatrix needs coordinates: write FactorMatrix\(coordinates=…\)"),
        (lambda: patterns.Blobs(1, 2), "Blobs takes 'radius' by position, got 2 values: write by name 'names', 'n_f"),
        (lambda: likelihoods.Poisson(2), "Poisson takes none by position, got 1 values"),
        (lambda: sps.Modality("rna", 5), "Modality takes name by position, got 2 values"),
        (lambda: sps.Modality("rna", name="b"), "name of a Modality is given twice, by position and by name"),
        (lambda: sps.Scenario([{}], n_spatial=5), r"write modalities=\[\{'n_spatial': …\}\]"),
        (lambda: sps.datasets.quilt(pattern="both"), "'pattern': write pattern= of a spsim.Scenario"),
    ],
)
def test_calls_that_do_not_fit_are_refused_in_our_words(make, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_every_word_of_the_table_leads_to_something_there_is() -> None:
    """Each target begins with a parameter that a recipe, a record or a maker of data has."""
    kinds = [value for room in (patterns, likelihoods, factors, designs) for value in vars(room).values()]
    recipes = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Recipe)]
    known = {
        name
        for item in (*recipes, sps.LibrarySize, sps.Modality, sps.Scenario, sps.simulate)
        for name in inspect.signature(item).parameters
    }
    words = [word for row, _ in _SYNONYMS for word in row.split()]
    assert {target.partition("=")[0] for _, targets in _SYNONYMS for target in targets} <= known
    assert len(words) > 100 and all(isinstance(instead(word, []), str) for word in words)
    assert instead(3, ["a"]) == instead("zzzzzz", ["a"]) == ""


def test_a_recipe_of_ones_own_is_called_like_ours() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Striped(patterns.Layers):
        tilt: float = 0.0

    assert Striped(3, tilt=2).n_factors == 3
    with pytest.raises(TypeError, match="Striped has no parameter 'tilts' .did you mean 'tilt'"):
        Striped(tilts=1)

    class Plainer(likelihoods.Poisson):
        def __init__(self, *values: int, **more: int) -> None:
            object.__setattr__(self, "held", (values, more))

    assert Plainer(1, 2, anything=3).held == ((1, 2), {"anything": 3})


ONE = {
    patterns.Blobs: ("radius", 3.0),
    patterns.Clustered: ("n_spots", 50),
    patterns.Coordinates: ("coordinates", XY),
    patterns.GaussianProcess: ("length_scale", 4.0),
    patterns.Gradient: ("angle", 45.0),
    patterns.Grid: ("n_rows", 5),
    patterns.HardCore: ("n_spots", 50),
    patterns.Hexagonal: ("n_rows", 5),
    patterns.Jittered: ("n_rows", 5),
    patterns.Layered: ("n_spots", 50),
    patterns.Layers: ("n_layers", 4),
    patterns.Mask: ("mask", np.eye(4) == 1),
    patterns.Motifs: ("pixels", np.ones((2, 3, 3))),
    patterns.Potts: ("interaction", 0.9),
    patterns.Voronoi: ("n_factors", 3),
    patterns.Radial: ("radius", 5.0),
    patterns.Stack: ("layout", patterns.Grid(3)),
    patterns.Uniform: ("n_spots", 50),
    likelihoods.Gaussian: ("sd", 2.0),
    likelihoods.LogNormal: ("sd", 0.2),
    likelihoods.NegativeBinomial: ("shape", 5.0),
    likelihoods.NegativeBinomialMixture: ("shape", 5.0),
    likelihoods.Trend: ("shape", 5.0),
    likelihoods.ZeroInflatedNegativeBinomial: ("shape", 5.0),
    likelihoods.ZeroInflatedPoisson: ("dropout_rate", 0.3),
    designs.Capture: ("spots", patterns.Grid(3)),
    designs.Crop: ("share", 0.3),
    designs.Dissociated: ("n_cells", 20),
    designs.Drift: ("sd", 2.0),
    designs.Reflection: ("probability", 1.0),
    designs.Slices: ("n_slices", 3),
    designs.Stages: ("appear", {"block_1": 0.5}),
    designs.Warp: ("sd", 2.0),
    designs.Samples: ("n_samples", 3),
    factors.Batch: ("by", "slice"),
    factors.CellCycle: ("shares", (0.4, 0.3, 0.3)),
    factors.CellTypes: ("n_types", 4),
    factors.Content: ("by", "type"),
    factors.Crossed: ("by", ["slice", "domain"]),
    factors.Depth: ("median", 3.0),
    factors.Detection: ("by", "slice"),
    factors.Ecotypes: ("outside", 0.3),
    factors.Foreground: ("by", "type"),
    factors.Graded: ("weight", 2.0),
    factors.KnockDown: ("share", 0.5),
    factors.Markers: ("weight", 2.0),
    factors.Normal: ("sd", 0.5),
    factors.Nuisance: ("n_factors", 4),
    factors.Panel: ("by", "slice"),
    factors.Perturbations: ("n_perturbations", 4),
    factors.Platform: ("sd", 0.7),
    factors.Products: ("of", "rna"),
    factors.Signed: ("sd", 2.0),
    factors.SignedGraded: ("weight", 2.0),
    factors.SpinPrograms: ("n_programs", 4),
    factors.Spillover: ("share", 0.2),
    sps.LibrarySize: ("median", 2.0),
    sps.Modality: ("name", "protein"),
    sps.Scenario: ("modalities", [{"name": "rna"}]),
}


@pytest.mark.parametrize("kind", ONE, ids=lambda kind: kind.__name__)
def test_the_obvious_argument_comes_by_position(kind) -> None:
    name, value = ONE[kind]
    made = kind(value)
    assert made == kind(**{name: value})
    assert next(iter(inspect.signature(kind).parameters)) == name
    assert copy.copy(made) == made == pickle.loads(pickle.dumps(made))


def test_every_recipe_of_ours_has_its_obvious_argument_or_none() -> None:
    without = {
        patterns.FactorMatrix,
        designs.Plain,
        likelihoods.Poisson,
        likelihoods.Bernoulli,
        designs.Recut,
        designs.Snap,
    }
    for room in (patterns, likelihoods, factors, designs):
        for value in (getattr(room, name) for name in room.__all__):
            if isinstance(value, type) and issubclass(value, Recipe) and not inspect.isabstract(value):
                assert value in {*ONE, *without, factors.Effect, likelihoods.Likelihood}, value
    assert {type(example) for example in [*LAYOUTS.values(), *PATTERNS.values()]} <= {*ONE, *without}


@pytest.mark.parametrize("function", [sps.datasets.quilt, sps.datasets.ggblocks, sps.Modality])
def test_signatures_show_every_field_with_its_default(function) -> None:
    shown = inspect.signature(function).parameters
    for name, field in sps.Modality.model_fields.items():
        assert shown[name].default == field.default
    assert shown["shape"].default == 10.0 and shown["dropout_rate"].default == 0.0
    assert not any(p.kind is p.VAR_KEYWORD for p in shown.values())


def test_what_signatures_show_is_accepted() -> None:
    for function in (sps.datasets.quilt, sps.datasets.ggblocks):
        for name, parameter in list(inspect.signature(function).parameters.items()):
            given = {name: 6 if name == "n_side" else parameter.default}
            assert function(**({"n_side": 6, "n_nonspatial": 5, "n_flat": 5, "rng": 0} | given)).n_obs == 36
    assert inspect.signature(sps.Scenario).parameters["n_side"].default is None
    assert "n_nonspatial_factors: int = 3" in str(inspect.signature(sps.datasets.quilt))


def test_testing_is_an_attribute_and_needs_no_pytest() -> None:
    statement = (
        "import sys; sys.modules['pytest'] = None; import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pytest' else find(name, *a)\n"
        "import spsim as sps; assert 'spsim.testing' not in sys.modules; assert 'testing' in dir(sps)\n"
        "m = sps.datasets.quilt(6); m.obsm['X'] = m.obsm['spatial_factors']\n"
        "sps.testing.assert_recovers(m, 'X', at_least=0.9); print(sorted(sps.testing.fingerprint(m)))"
    )
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", statement], capture_output=True, text=True, check=False)
    assert run.stdout == "['counts', 'truth']\n", run.stderr


def test_errors_name_the_next_step() -> None:
    mdata = sps.datasets.quilt(6, n_spatial=30)
    mdata.obsm["X"] = mdata.obsm["spatial_factors"]
    blind = sps.get.without_truth(mdata)
    for call in (
        lambda: sps.tl.factor_recovery(blind, "X"),
        lambda: sps.tl.evaluate(blind, ["X"]),
        lambda: sps.testing.assert_recovers(blind, "X", at_least=0.5),
    ):
        with pytest.raises(KeyError, match="score a blind copy with truth= the object it was made from"):
            call()
    with pytest.raises(
        KeyError, match=r"no 'evaluate' in uns; there are none: run spsim.tl.evaluate\(data, keys\) first"
    ):
        sps.pl.scores(mdata)
    sps.tl.evaluate(mdata, ["X"], scores=["factor_recovery"], key_added="mine", n_chance=2)
    with pytest.raises(KeyError, match="there are 'mine': run spsim.tl.evaluate.*or give the table_key="):
        sps.pl.scores(mdata)


def public_functions() -> list[str]:
    """Functions without keywords of others' (``**fields``), by where they are called."""
    rooms = ("datasets", "get", "pl", "tl")
    found = [f"{room}.{name}" for room in rooms for name in getattr(sps, room).__all__]
    takes_any = {"datasets.quilt", "datasets.ggblocks", "datasets.twin"}
    return [name for name in found if name not in takes_any and inspect.isfunction(member(name))]


def member(name: str):
    room, _, own = name.partition(".")
    return getattr(getattr(sps, room), own)


@pytest.mark.parametrize("name", public_functions())
def test_every_function_refuses_unknown_keywords_in_our_words(name) -> None:
    own = name.partition(".")[2]
    with pytest.raises(TypeError, match=f"^{own} has no parameter 'random_state'.*there are"):
        member(name)(random_state=0)
