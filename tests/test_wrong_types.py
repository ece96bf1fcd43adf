"""Something else where an object, a key, a truth or a list is due: refused at the entrance, in the package's own words."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import anndata
import matplotlib
import numpy as np
import pytest

import spsim as sps
from hostile_values import EXTREME, FOREIGN, own_error

matplotlib.use("Agg")

DATA = {
    "tl": {
        "abundance_recovery": {"key": "guess"},
        "amari_error": {"key": "X_guess"},
        "correspondence_accuracy": {"key": "X_guess"},
        "domain_agreement": {"key": "guess"},
        "domain_continuity": {"key": "guess"},
        "dropout_detection": {"key": "guess"},
        "energy_kinds": {"key": "X_guess", "loadings_key": "guess"},
        "evaluate": {"keys": ["X_guess"]},
        "factor_kind": {"key": "X_guess", "kinds": ["shared"] * 4},
        "factor_leakage": {"key": "X_guess", "shared_key": "X_guess"},
        "factor_recovery": {"key": "X_guess"},
        "factors_to_obs": {},
        "foreground_detection": {"key": "guess"},
        "loading_recovery": {"key": "X_guess", "loadings_key": "guess"},
        "loadings_clustering": {"key": "guess"},
        "neighborhood_jaccard": {"key": "X_guess", "reference_key": "spatial"},
        "neighborhood_purity": {"key": "X_guess"},
        "pairwise_distance_correlation": {"key": "X_guess"},
        "proportion_recovery": {"key": "X_guess"},
        "reconstruction": {"key": "guess"},
        "registration_error": {"key": "X_guess"},
        "slice_mixing": {"key": "X_guess"},
        "spatial_importance": {
            "key": "X_guess",
            "loadings_key": "guess",
            "nonspatial_key": "X_guess",
            "nonspatial_loadings_key": "guess",
        },
        "split": {},
        "subspace_angles": {"key": "X_guess"},
        "svg_detection": {"key": "guess"},
        "variance_recovered": {"key": "X_guess"},
    },
    "get": {
        "activity": {},
        "blocks": {},
        "domains": {},
        "dropout_mask": {},
        "dropped": {},
        "factors": {},
        "foreground_mask": {},
        "loadings": {},
        "mean": {},
        "proportions": {},
        "table": {"name": "activity"},
        "visible_domains": {"factors": ["squares"]},
        "without_truth": {},
    },
    "pl": {
        "domains": {},
        "factor_recovery": {"key": "X_guess"},
        "factors": {},
        "features": {"names": ["rna_0"]},
        "overview": {},
        "scores": {},
        "svg_detection": {"key": "guess"},
    },
    "datasets": {
        "describe": {},
        "drop_modality": {"name": "rna"},
        "replay": {},
        "resample": {},
        "twin": {"expression_mean": 3.0},
    },
}
FUNCTIONS = [(room, name) for room, functions in DATA.items() for name in functions]
KEYS = ("key", "loadings_key", "reference_key", "shared_key", "nonspatial_key", "nonspatial_loadings_key", "name")


@pytest.fixture(scope="module")
def rna() -> anndata.AnnData:
    part = sps.datasets.quilt(6, n_spatial=6, n_nonspatial=4, dropout_rate=0.2)["rna"]
    part.obsm["X_guess"] = part.obsm["spatial_factors"].copy()
    part.varm["guess"] = part.varm["spatial_loadings"].copy()
    part.obs["guess"] = part.obs["domain"].copy()
    part.var["guess"] = np.arange(10.0)
    part.layers["guess"] = sps.get.mean(part).to_numpy()
    return part


def function(room: str, name: str) -> Callable[..., object]:
    return getattr(getattr(sps, room), name)


def test_every_function_of_an_object_is_tried() -> None:
    for room in ("tl", "get"):
        assert set(getattr(sps, room).__all__) == set(DATA[room])


@pytest.mark.parametrize(("room", "name"), FUNCTIONS)
def test_what_is_no_object_is_refused(room, name) -> None:
    for value in FOREIGN.values():
        text = own_error(lambda value=value: function(room, name)(value, **DATA[room][name]))
        assert text is not None and "AnnData" in text


@pytest.mark.parametrize(("room", "name"), FUNCTIONS)
def test_an_object_without_truth_is_refused(room, name) -> None:
    if name in ("split", "without_truth"):
        return  # which need none
    assert own_error(lambda: function(room, name)(anndata.AnnData(np.ones((3, 2))), **DATA[room][name])) is not None


@pytest.mark.parametrize(("room", "name"), [(r, n) for r, n in FUNCTIONS if r == "datasets"])
def test_one_modality_in_place_of_all_is_refused(rna, room, name) -> None:
    if name == "describe":
        return
    text = own_error(lambda: function(room, name)(rna, **DATA[room][name]))
    assert text is not None and "MuData" in text


@pytest.mark.parametrize(("room", "name"), [(r, n) for r, n in FUNCTIONS if r != "get"])
@pytest.mark.parametrize("parameter", KEYS)
def test_what_is_no_key_is_refused(rna, room, name, parameter) -> None:
    if parameter not in DATA[room][name]:
        return
    data = sps.datasets.quilt(6) if room == "datasets" or name == "energy_kinds" else rna
    if name == "energy_kinds":
        data.obsm["X_guess"], data["rna"].varm["guess"] = data.obsm["spatial_factors"], np.ones((500, 4))
    for value in FOREIGN.values():
        call = DATA[room][name] | {parameter: value}
        text = own_error(lambda call=call: function(room, name)(data, **call))
        assert text is not None and ("must be a text" in text or "there are" in text)


@pytest.mark.parametrize("name", [n for r, n in FUNCTIONS if r == "tl" and "key" in DATA[r][n]])
def test_what_is_no_truth_is_refused(rna, name) -> None:
    known = inspect.signature(function("tl", name)).parameters
    for value in FOREIGN.values():
        if value is None or "truth" not in known:
            continue
        text = own_error(lambda value=value: function("tl", name)(rna, **DATA["tl"][name], truth=value))
        assert text is not None and text.startswith("truth: expected an AnnData or MuData, got")


def takes(parameter: str) -> list[tuple[str, str]]:
    return [(r, n) for r, n in FUNCTIONS if parameter in inspect.signature(function(r, n)).parameters]


@pytest.mark.parametrize(("room", "name"), takes("groups"))
def test_what_is_no_column_of_groups_is_refused(rna, room, name) -> None:
    data = sps.datasets.quilt(6, n_spatial=4) if name == "overview" else rna.copy()
    if name == "svg_detection":
        return
    for value in FOREIGN.values():
        if value is not None:
            text = own_error(lambda value=value: function(room, name)(data, **DATA[room][name], groups=value))
            assert text is not None and "groups must be a text" in text
    text = own_error(lambda: function(room, name)(data, **DATA[room][name], groups="slices"))
    assert text is not None and "groups in obs: no 'slices'; there are" in text


@pytest.mark.parametrize(("parameter", "known"), [("block", "'spatial'"), ("label", "'domain'")])
def test_what_is_no_block_or_label_is_refused(rna, parameter, known) -> None:
    names = takes(parameter)
    assert len(names) > 5
    rna.uns["X_guess_factor_recovery"] = rna.uns["X_guess_factor_recovery_correlation"] = rna.obs
    for room, name in names:
        for value in [*FOREIGN.values(), "spatia"]:
            call = DATA[room][name] | {parameter: value}
            text = own_error(lambda name=name, room=room, call=call: function(room, name)(rna, **call))
            assert text is not None, name
            assert f"{parameter} must be a text" in text or (f"{parameter}: no" in text and known in text), text


@pytest.mark.parametrize("name", [n for r, n in FUNCTIONS if r == "tl" and "key" in DATA[r][n]])
@pytest.mark.parametrize("parameter", ["key_added", "copy", "rng", "n_chance", "n_sampled", "n_neighbors", "n_folds"])
def test_what_is_no_option_is_refused(rna, name, parameter) -> None:
    if parameter not in inspect.signature(function("tl", name)).parameters:
        return
    if name == "energy_kinds":
        return  # a MuData's
    known = inspect.signature(function("tl", name)).parameters
    few = {"n_chance": 2} if "n_chance" in known else {}
    part = rna.copy()
    for value in {**FOREIGN, **EXTREME}.values():
        if isinstance(value, int) and 5 < value < 10**400:
            continue  # that many draws are what is asked for
        own_error(lambda value=value: function("tl", name)(part, **few | DATA["tl"][name] | {parameter: value}))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, v: sps.get.visible_domains(m, v), "factors must be"),
        (lambda m, v: sps.pl.features(m["rna"], v), "names"),
        (lambda m, v: sps.pl.factors(m, axes=v), "axes must be"),
        (lambda m, v: sps.pl.domains(m, ax=v), "ax must be axes of matplotlib's"),
        (lambda m, v: sps.tl.split(m, key_added=v), "key_added must be a text"),
        (lambda m, v: sps.tl.split(m, validation_fraction=v), "validation_fraction must be a probability"),
        (lambda m, v: sps.datasets.drop_modality(m, "rna", fraction=v), "fraction must be"),
        (lambda m, v: sps.datasets.twin(m, expression_mean=v), "expression_mean must be"),
        (lambda m, v: sps.tl.evaluate(m, ["X_guess"], scores=v), "scores must be"),
        (lambda m, v: sps.tl.evaluate(m, v), "keys"),
        (lambda m, v: sps.tl.evaluate(m, ["X_guess"], truth=v), "truth: expected an AnnData or MuData"),
        (lambda m, v: sps.simulate(v), "scenario must be a spsim.Scenario"),
    ],
)
def test_other_arguments_are_refused_by_name(call, message) -> None:
    mdata = sps.datasets.quilt(6, n_spatial=4)
    mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    for name, value in FOREIGN.items():
        if value is None or (name, message) in (("number", "expression_mean must be"), ("list", "keys")):
            continue
        text = own_error(lambda value=value: call(mdata, value))
        assert text is not None and message in text


def test_tables_of_scores_are_tables() -> None:
    mdata = sps.datasets.quilt(6, n_spatial=4)
    for value in FOREIGN.values():
        mdata.uns["evaluate"] = value
        assert own_error(lambda: sps.pl.scores(mdata)) is not None
