"""Something else where an object, a key, a truth or a list is due: refused at the entrance, in the package's own words."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import anndata
import matplotlib
import mudata
import numpy as np
import pandas as pd
import pytest

import spsim as sps
from hostile_values import EXTREME, FOREIGN, TAKEN, own_error
from scores_of_worlds import OF_WORLDS

matplotlib.use("Agg")

DATA = {
    "tl": {
        "abundance_recovery": {"key": "guess"},
        "amari_error": {"key": "X_guess"},
        "correspondence_accuracy": {"key": "X_guess"},
        **dict.fromkeys(["domain_agreement", "ecotype_recovery"], {"key": "guess"}),
        "domain_continuity": {"key": "guess"},
        "dropout_detection": {"key": "probability"},
        "energy_kinds": {"key": "X_guess", "loadings_key": "guess"},
        "evaluate": {"keys": ["X_guess"]},
        "factor_kind": {"key": "X_guess", "kinds": ["shared"] * 4},
        "factor_leakage": {"key": "X_guess", "shared_key": "X_guess"},
        "factor_recovery": {"key": "X_guess"},
        "factors_to_obs": {},
        "foreground_detection": {"key": "protein:probability"},
        "loading_recovery": {"key": "X_guess", "loadings_key": "guess"},
        "loadings_clustering": {"key": "guess"},
        "neighborhood_jaccard": {"key": "X_guess", "reference_key": "spatial", "n_neighbors": 5},
        "neighborhood_purity": {"key": "X_guess", "n_neighbors": 5},
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
    part.obsm["X_guess"], part.varm["guess"] = part.obsm["spatial_factors"].copy(), part.varm["spatial_loadings"].copy()
    part.obs["guess"] = part.obs["domain"].copy()
    part.var["guess"] = np.arange(10.0)
    part.layers["guess"] = sps.get.mean(part).to_numpy()
    part.layers["probability"] = np.full(part.shape, 0.5)
    return part


@pytest.fixture(scope="module")
def mdata() -> mudata.MuData:
    """For what scores all modalities, or the foreground of one."""
    mixture = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.3)
    modalities = [{"name": "rna", "n_mixed": 12}, {"name": "protein", "n_mixed": 6, "likelihood": mixture}]
    data = sps.datasets.multiomics(modalities, n_side=6)
    data.obsm["X_guess"] = data.obsm["spatial_factors"]
    for part in data.mod.values():
        part.varm["guess"], part.layers["probability"] = part.varm["spatial_loadings"].copy(), np.full(part.shape, 0.5)
    return data


def function(room: str, name: str) -> Callable[..., object]:
    return getattr(getattr(sps, room), name)


def test_every_function_of_an_object_is_tried() -> None:
    for room in ("tl", "get", "pl"):
        assert set(getattr(sps, room).__all__) - {"network_recovery", "response_recovery"} == set(DATA[room])


@pytest.mark.parametrize(("room", "name"), FUNCTIONS)
def test_what_is_no_object_is_refused(room, name) -> None:
    for value in FOREIGN.values():
        text = own_error(lambda value=value: function(room, name)(value, **DATA[room][name]))
        assert text is not None and "AnnData" in text


# What a user may do with real data too.
WITHOUT_TRUTH = ("split", "without_truth", "neighborhood_jaccard", "features", "scores")
# These draw tables that scores have left; the last test says what is refused.
OF_TABLES = ("factor_recovery", "svg_detection")
OF_ALL = "must be a MuData with all modalities"


@pytest.mark.parametrize(("room", "name"), FUNCTIONS)
def test_an_object_without_truth_is_refused(rna, mdata, room, name) -> None:
    if name in {*WITHOUT_TRUTH, *OF_WORLDS} or (room == "pl" and name in OF_TABLES):
        return
    blind = sps.get.without_truth(mdata if name == "foreground_detection" else rna)
    text = own_error(lambda: function(room, name)(blind, **DATA[room][name]))
    assert text is not None and ("was not simulated by spsim" in text or OF_ALL in text)


@pytest.mark.parametrize(("room", "name"), [(r, n) for r, n in FUNCTIONS if r == "datasets"])
def test_one_modality_in_place_of_all_is_refused(rna, room, name) -> None:
    if name in ("describe", "resample"):
        return  # which take both
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
        assert text is not None and any(word in text for word in ("must be a text", "there are", "exactly one of them"))


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
    if name in ("svg_detection", "ecotype_recovery"):
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
    table = pd.DataFrame({"score": [1.0], "match": [0], "sign": [1]}, index=["squares"])
    rna.uns["X_guess_factor_recovery"] = rna.uns["X_guess_factor_recovery_correlation"] = table
    for room, name in names:
        for value in [*FOREIGN.values(), "spatia"]:
            call = DATA[room][name] | {parameter: value}
            text = own_error(lambda name=name, room=room, call=call: function(room, name)(rna, **call))
            assert text is not None, name
            assert f"{parameter} must be a text" in text or (f"{parameter}: no" in text and known in text), text


OPTIONS = [
    (name, option)
    for room, name in FUNCTIONS
    if room == "tl" and name not in OF_WORLDS
    for option in TAKEN
    if ("tl", name) in takes(option)
]


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_what_is_no_option_is_refused(rna, mdata, name, option) -> None:
    known = inspect.signature(function("tl", name)).parameters
    # A seed is looked at though nothing may be drawn.
    few = {"n_chance": 0 if option == "rng" else 2} if "n_chance" in known else {}
    part = (mdata if name in ("energy_kinds", "foreground_detection") else rna).copy()
    # Those whose table has a fixed name need one.
    taken = TAKEN[option] - ({"None"} if option == "key_added" and known[option].default else set())
    for label, value in {**FOREIGN, **EXTREME}.items():
        if option == "n_chance" and label == "2**31":
            continue  # that many draws are what is asked for
        call = few | DATA["tl"][name] | {option: value}
        text = own_error(lambda call=call: function("tl", name)(part, **call))
        assert (text is None) == (label in taken), label
        assert text is None or f"{option} must" in text, text


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
        (lambda m, v: sps.simulate(v), ("scenario", "modalities")),
    ],
)
def test_other_arguments_are_refused_by_name(call, message) -> None:
    mdata = sps.datasets.quilt(6, n_spatial=4)
    mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    for name, value in FOREIGN.items():
        if value is None or (name, message) in (("number", "expression_mean must be"), ("list", "keys")):
            continue
        text = own_error(lambda value=value: call(mdata, value))
        words = (message,) if isinstance(message, str) else message
        assert text is not None and any(word in text for word in words)


TABLES = {
    "evaluate": lambda m: sps.pl.scores(m),
    "X_guess_factor_recovery": lambda m: sps.pl.factor_recovery(m, "X_guess"),
    "X_guess_factor_recovery_correlation": lambda m: sps.pl.factor_recovery(m, "X_guess"),
    "guess_svg_detection": lambda m: sps.pl.svg_detection(m, "guess"),
    "guess_svg_detection_curve": lambda m: sps.pl.svg_detection(m, "guess"),
}


@pytest.mark.parametrize("table_key", TABLES)
def test_tables_of_scores_are_tables(rna, table_key) -> None:
    part = rna.copy()
    sps.tl.evaluate(part, ["X_guess"], n_chance=0)
    sps.tl.factor_recovery(part, "X_guess", n_chance=0)
    sps.tl.svg_detection(part, "guess")
    assert own_error(lambda: TABLES[table_key](part)) is None
    full = part.uns[table_key]
    for name, value in FOREIGN.items():
        part.uns[table_key] = value
        text = own_error(lambda: TABLES[table_key](part))
        expected = f"s of uns['{table_key}']: no" if name == "frame" else f"uns['{table_key}'] must be a table"
        assert text is not None and expected in text
    for column in full if "correlation" not in table_key else ():
        part.uns[table_key] = full.drop(columns=column)
        text = own_error(lambda: TABLES[table_key](part))
        assert text is None or text.startswith(f"columns of uns['{table_key}']: no '{column}'; there are")
    part.uns[table_key] = full.rename(index={"squares": "other", "average_precision": "other"})
    text = own_error(lambda: TABLES[table_key](part))
    assert (text is None) == (table_key in ("evaluate", "guess_svg_detection_curve")), text
    del part.uns[table_key]
    text = own_error(lambda: TABLES[table_key](part))
    assert text is not None and f"table_key: no '{table_key}'" in text
