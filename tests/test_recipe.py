"""One way from a recipe to JSON and back, for every family."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

import numpy as np
import pytest

import spsim as sps
from layout_examples import EXAMPLES as LAYOUTS
from pattern_examples import EXAMPLES as PATTERNS
from spsim._recipe import FrozenMapping, Recipe, as_recipe, members
from spsim.designs import (
    Capture,
    Crop,
    Design,
    Dissociated,
    Drift,
    Motion,
    Plain,
    Recut,
    Reflection,
    Samples,
    Slices,
    Snap,
    Stages,
    Warp,
)
from spsim.factors import (
    Batch,
    CellCycle,
    CellTypes,
    Content,
    Crossed,
    Depth,
    Detection,
    Ecotypes,
    Effect,
    FactorRecipe,
    Foreground,
    Graded,
    KnockDown,
    LibrarySize,
    LoadingRule,
    Markers,
    Normal,
    Nuisance,
    Panel,
    Perturbations,
    Platform,
    Products,
    Signed,
    SignedGraded,
    Spillover,
    SpinPrograms,
)
from spsim.likelihoods import Likelihood, NegativeBinomial, Poisson, Trend
from spsim.patterns import Grid, Layout, Pattern

EXAMPLES = {
    Design: [
        Plain(),
        Slices(n_slices=3, turn=5, missing={"slice_2": ["a", "b"]}, names=["slice_1", "slice_2", "c"]),
        Slices(motions=[Warp(), Crop()], stages=Stages(appear={"a": 0.5}), diameters={"slice_1": 2.0}),
        Slices(groups={"condition": ["a", "b"]}),
        Dissociated(30, n_batches=3, held_out=0.2),
        Samples(),
        Samples(3, shares=[1, 0.5, 0.2], held_out=["sample_2"], n_dissociated=9),
        Capture(),
        Dissociated(5),
        Capture(spots=Grid(n_rows=3), size=0.5, form="square", n_reference=9),
    ],
    Motion: [Crop(), Drift(), Recut(), Reflection(), Snap(), Warp()],
    FactorRecipe: [
        CellTypes(),
        CellTypes(n_types=2, by="domain", names=("A", "B"), known=True),
        CellTypes(known=["reference"]),
        Nuisance(),
        Nuisance(n_factors=1, length=2, by="slice", smoothness=math.inf, names=["a"]),
        Nuisance(positive=True),
        CellTypes(absent={"s": ["type_1"]}, absent_by="sample"),
        Ecotypes(),
        Ecotypes(outside=0.5),
        Perturbations(),
        Perturbations(
            2, concentration=math.inf, control_share=0.5, efficiency=1, control="untreated", names=["a", "b"]
        ),
        SpinPrograms(),
        SpinPrograms(2, by="a", network=[("p", "q", 1), ("p", "p", 0.5)], response={"x": {"p": -1}}, names=["p", "q"]),
        CellCycle(),
        CellCycle(shares=[1, 2, 3]),
        Crossed(by=["a", "b"]),
        Crossed(by=["a", "b"], only=["x:y"], varies_in_space=False),
    ],
    LoadingRule: [
        Markers(),
        Markers(weight=2, share=0.1, confuse=[("a", "b")]),
        Graded(),
        Graded(concentration=math.inf, overlap=0.2, confuse=[("a", "b")]),
        SignedGraded(),
        SignedGraded(down_fraction=0.1, overlap=0.2),
        KnockDown(),
        KnockDown(0.5),
        Normal(),
        Normal(sd=1, share=0.2),
        Signed(),
        Signed(sd=1, share=0.2, confuse=[("a", "b")]),
    ],
    Effect: [
        Batch(by="slice"),
        Batch(by="a", within="b", within_sd=0.1),
        Detection(by="slice"),
        LibrarySize(sd=0.1),
        Depth(),
        Depth(median=5, sd=0.1, by="slice", smooth=2, composition=True),
        Content(),
        Platform(sd=0.1),
        Foreground(by="cell_type", levels=[0.5, 0.9], fold_range=[1.0, 30.0], confuse=[["A", "B"]]),
        Products(of="rna"),
        Spillover(share=0.1, width=2, uniform=0.1, key="a"),
        Panel(by="slice", share=0.1, key="a"),
    ],
    Likelihood: [
        NegativeBinomial(shape=math.inf),
        NegativeBinomial(shape=[1.0, math.inf]),
        NegativeBinomial(shape=Trend(slope=0.1)),
        Poisson(),
    ],
    Layout: list(LAYOUTS.values()),
    Pattern: list(PATTERNS.values()),
}
EACH = [(family, recipe) for family, recipes in EXAMPLES.items() for recipe in recipes]


@pytest.mark.parametrize(("family", "recipe"), EACH, ids=[type(recipe).__name__ for _, recipe in EACH])
def test_json_goes_out_and_comes_back_equal(family, recipe) -> None:
    again = as_recipe("recipe", json.loads(json.dumps(recipe.to_dict(), allow_nan=False)), family)
    assert again == recipe and hash(again) == hash(recipe) and type(again) is type(recipe)
    assert as_recipe("recipe", recipe, family) is recipe


@pytest.mark.parametrize("family", EXAMPLES)
def test_every_recipe_of_ours_has_an_example(family) -> None:
    ours = {name for name, kind in members(family).items() if kind.__module__.startswith("spsim.")}
    assert ours - {type(recipe).__name__ for recipe in EXAMPLES[family]} <= {
        "Motifs",
        *("Bernoulli", "Gaussian", "LogNormal", "NegativeBinomialMixture", "ZeroInflatedPoisson"),
        "ZeroInflatedNegativeBinomial",  # each with tests of its own
    }


@pytest.mark.parametrize("name", ["NegativeBinomial", "negative_binomial", "negativebinomial"])
def test_a_name_stands_for_all_defaults(name) -> None:
    assert as_recipe("likelihood", name, Likelihood) == NegativeBinomial() == as_recipe("x", {"name": name}, Likelihood)
    assert sps.Modality(name="rna", likelihood=name).likelihood == NegativeBinomial()


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (
            3,
            TypeError,
            "effect must be a Effect, its name or its dict .names: .*'Batch', 'Content', 'Depth', 'Detection', 'Foreground', 'LibrarySize'",
        ),
        ({}, ValueError, "effect must be a mapping with a 'name' among .*'Batch'"),
        (
            "Bach",
            ValueError,
            r"effect name must be one of .*got 'Bach' \(did you mean 'Batch'\?\); a recipe of your own",
        ),
        ({"name": ["Batch"]}, ValueError, "effect name must be one of"),
        ({"name": "Batch", "sdd": 1}, ValueError, r"Batch has no parameter 'sdd' .did you mean 'sd'"),
        ("Batch", TypeError, "effect 'Batch' cannot be built from none: .*by"),
        ({"name": "Batch", "by": "a", "sd": -1}, ValueError, "sd must be a finite number of at least 0"),
    ],
)
def test_bad_records_are_refused(value, error, message) -> None:
    with pytest.raises(error, match=message):
        as_recipe("effect", value, Effect)


@dataclass(frozen=True, kw_only=True)
class Shares(FactorRecipe):
    """A recipe of one's own with a mapping, an array and another recipe among its fields."""

    of: FrozenMapping = field(default_factory=FrozenMapping)
    rule: LoadingRule = field(default_factory=Markers)

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", FrozenMapping(self.of))
        object.__setattr__(self, "rule", as_recipe("rule", self.rule, LoadingRule))

    def factors(self, observations, source):
        raise AssertionError


def test_mappings_and_recipes_may_be_fields() -> None:
    recipe = Shares(of={"a": {"b": [1, 2]}, "c": "d"}, rule={"name": "Markers", "share": 0.5})
    record = json.loads(json.dumps(recipe.to_dict()))
    assert record["of"] == {"a": {"b": [1, 2]}, "c": "d"} and record["rule"]["name"] == "Markers"
    again = as_recipe("factors", record, FactorRecipe)
    assert again == recipe and hash(again) == hash(recipe)
    assert hash(Shares(of={"c": "d", "a": {"b": [1, 2]}}, rule=Markers(share=0.5))) == hash(recipe)
    assert Shares() != recipe


def test_the_latest_of_two_classes_of_ones_own_counts() -> None:
    """As from a notebook's cell that was run twice."""

    def made(value):
        return dataclass(frozen=True, kw_only=True)(
            type("Twice", (LoadingRule,), {"loadings": lambda *_: np.full((1, 1), value), "__module__": "mine"})
        )

    first, second = made(1), made(2)
    assert as_recipe("rule", "Twice", LoadingRule).loadings(1, 1, None) == 2 and first is not second


def test_a_class_that_was_refused_for_its_name_takes_no_place() -> None:
    with pytest.raises(TypeError, match="'Detection' is the name of a recipe of spsim") as refused:
        type("Detection", (Effect,), {"__module__": "mine"})
    assert as_recipe("effect", {"name": "Detection", "by": "slice"}, Effect) == Detection(by="slice")
    assert refused.traceback  # which holds on to the class


def test_a_frozen_mapping_is_a_mapping_that_hashes() -> None:
    mapping = FrozenMapping({"a": [1, {"b": 2}]})
    assert mapping == {"a": (1, {"b": 2})} and len({mapping, FrozenMapping({"a": [1, {"b": 2}]})}) == 1
    assert list(mapping) == ["a"] and repr(mapping) == "{'a': (1, {'b': 2})}"
    assert issubclass(Pattern, Recipe)
