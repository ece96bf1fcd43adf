"""A blind copy, or what stems from it, is scored against the simulation that it was made from, and no other."""

from __future__ import annotations

import inspect
import json
import re

import anndata
import mudata
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import spsim as sps
from scores_of_worlds import OF_WORLDS
from spsim._cli import main
from spsim.slots import without_pulling
from spsim.testing import assert_agrees, assert_recovers

KEY = "spsim_fingerprint"
REFUSED = r"truth is another simulation than the one .* uns\['spsim_fingerprint'\]: pass the object whose blind copy"
LIKELIHOOD = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.4)
MODALITIES = [
    {"name": "rna", "n_spatial": 12, "n_nonspatial": 8, "dropout_rate": 0.3, "active_factors": [0, 1, 2]},
    {"name": "protein", "n_spatial": 12, "n_nonspatial": 4, "likelihood": LIKELIHOOD},
]


def simulated(rng: int, **options):
    return sps.datasets.multiomics(MODALITIES, n_side=12, rng=rng, **options)


@pytest.fixture(scope="module")
def truth():
    return simulated(1)


@pytest.fixture(scope="module")
def other():
    return simulated(2)


@pytest.fixture(scope="module")
def made(truth):
    """A blind copy with a result for every score."""
    blind, rng = sps.get.without_truth(truth), np.random.default_rng(0)
    for part in blind.mod.values():
        part.obsm["X"], part.varm["W"] = rng.random((144, 4)), rng.random((part.n_vars, 4))
        part.obs["l"] = rng.choice(list("abc"), 144)
        part.layers["p"] = rng.random(part.shape)
        part.uns["moranI"] = pd.DataFrame({"I": rng.random(part.n_vars)}, index=part.var_names)
    blind.obsm["X"], blind.obs["l"] = rng.random((144, 4)), rng.choice(list("abc"), 144)
    return blind


@pytest.fixture
def blind(made):
    with without_pulling():
        return made.copy()


SCORES = {
    "amari_error": lambda m, t: sps.tl.amari_error(m, "X", truth=t, n_chance=0),
    "domain_agreement": lambda m, t: sps.tl.domain_agreement(m, "l", truth=t, n_chance=0),
    "domain_continuity": lambda m, t: sps.tl.domain_continuity(m, "rna:l", truth=t),
    "dropout_detection": lambda m, t: sps.tl.dropout_detection(m, "rna:p", truth=t),
    "evaluate": lambda m, t: sps.tl.evaluate(m, ["rna:X", "l"], truth=t, n_chance=0),
    "evaluate of features": lambda m, t: sps.tl.evaluate(m, ["rna:moranI"], truth=t),
    "factor_kind": lambda m, t: sps.tl.factor_kind(m, "X", kinds=["shared"] * 4, truth=t, n_chance=0),
    "factor_leakage": lambda m, t: sps.tl.factor_leakage(m, "rna:X", shared_key="X", truth=t),
    "factor_recovery": lambda m, t: sps.tl.factor_recovery(m, "X", truth=t, n_chance=0),
    "foreground_detection": lambda m, t: sps.tl.foreground_detection(m, "protein:p", truth=t),
    "loading_recovery": lambda m, t: sps.tl.loading_recovery(m, "rna:X", loadings_key="W", truth=t),
    "loadings_clustering": lambda m, t: sps.tl.loadings_clustering(m, "rna:W", truth=t),
    "neighborhood_purity": lambda m, t: sps.tl.neighborhood_purity(m, "X", truth=t, n_chance=0),
    "pairwise_distance_correlation": lambda m, t: sps.tl.pairwise_distance_correlation(m, "X", truth=t, n_chance=0),
    "reconstruction": lambda m, t: sps.tl.reconstruction(m, "rna:p", truth=t),
    "spatial_importance": lambda m, t: sps.tl.spatial_importance(
        m, "rna:X", loadings_key="W", nonspatial_key="X", nonspatial_loadings_key="W", truth=t
    ),
    "subspace_angles": lambda m, t: sps.tl.subspace_angles(m, "X", truth=t, n_chance=0),
    "svg_detection": lambda m, t: sps.tl.svg_detection(m, "rna:moranI", truth=t),
    "variance_recovered": lambda m, t: sps.tl.variance_recovered(m, "X", truth=t, n_chance=0),
    "assert_recovers": lambda m, t: assert_recovers(m, "X", truth=t, at_least=1e-9),
    "assert_agrees": lambda m, t: assert_agrees(m, "l", truth=t, score="v_measure", at_least=1e-9),
}


def test_every_score_with_a_truth_is_tried() -> None:
    takes_truth = {name for name in sps.tl.__all__ if "truth" in inspect.signature(getattr(sps.tl, name)).parameters}
    assert takes_truth <= set(SCORES) | OF_WORLDS  # the latter: test_right_truth_of_worlds.py


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.filterwarnings("ignore:evaluate left out")
def test_the_wrong_truth_is_refused_and_the_right_one_is_not(blind, truth, other, name) -> None:
    before = set(blind.uns)
    with pytest.raises(ValueError, match=REFUSED):
        SCORES[name](blind, other)
    assert set(blind.uns) == before
    right = SCORES[name](blind, truth)
    del blind.uns[KEY]
    for part in blind.mod.values():
        del part.uns[KEY]
    SCORES[name](blind, other)  # without the key names decide, as before
    again = SCORES[name](blind, truth)
    assert again is right is None or again.equals(right)


WRONG = {
    "other seed": lambda: simulated(2),
    "other pattern": lambda: simulated(1, pattern="quilt"),
    "other measurement": lambda: sps.datasets.twin(simulated(1), modality="rna", shape=3.0),
    "other modality": lambda: sps.datasets.twin(simulated(1), modality="protein", expression_mean=9),
    "another data set": lambda: sps.datasets.quilt(n_side=12),
    "one modality": lambda: simulated(2)["rna"],
    "a part": lambda: simulated(2)[::-1].copy(),
    "a mosaic": lambda: sps.datasets.drop_modality(simulated(2), "protein", fraction=0.2),
    "measured again": lambda: sps.datasets.resample(simulated(2), rng=1),
}
RIGHT = {
    "made again": lambda m: simulated(1),
    "sparse": lambda m: simulated(1, sparse=True),
    "with means": lambda m: simulated(1, keep_mean=True),
    "replayed": sps.datasets.replay,
    "measured again": lambda m: sps.datasets.resample(m, rng=8),
    "filtered": lambda m: fewer_features(m),
    "shuffled": lambda m: m[np.random.default_rng(0).permutation(144)].copy(),
    "one modality": lambda m: m["rna"],
    "mosaic": lambda m: sps.datasets.drop_modality(m, "protein", fraction=0.2),
}


def fewer_features(mdata):
    part = mdata.copy()
    part.mod["rna"] = part["rna"][:, ::2].copy()
    part.update()
    return part


@pytest.mark.parametrize("kind", WRONG)
def test_kinds_of_wrong_truth(blind, kind) -> None:
    with pytest.raises(ValueError, match=REFUSED):
        sps.tl.domain_agreement(blind["rna"], "l", truth=WRONG[kind]())


@pytest.mark.parametrize("kind", RIGHT)
def test_kinds_of_right_truth(blind, truth, kind) -> None:
    table = sps.tl.variance_recovered(blind["rna"], "X", truth=RIGHT[kind](truth), n_chance=0)
    np.testing.assert_allclose(table["score"], sps.tl.variance_recovered(blind["rna"], "X", truth=truth)["score"])
    back = sps.get.without_truth(RIGHT[kind](truth))
    assert back.uns[KEY] == blind.uns[KEY] == blind["rna"].uns[KEY] == blind["protein"].uns[KEY]


def written(data, path, ending):
    if ending == "h5mu":
        data.write(path)
        return mudata.read(path)
    if ending == "h5ad":
        data["rna"].write(path)
        return anndata.read_h5ad(path)
    data.write_zarr(path)
    return mudata.read_zarr(path)


@pytest.mark.parametrize("ending", ["h5mu", "zarr", "h5ad"])
def test_the_key_survives_files(blind, truth, other, ending, tmp_path) -> None:
    again = written(blind, tmp_path / f"a.{ending}", ending)
    sps.tl.domain_agreement(again, "l", truth=truth, n_chance=0)
    with pytest.raises(ValueError, match=REFUSED):
        sps.tl.domain_agreement(again, "l", truth=other)


STEMMING = {
    "filtered": lambda a: a[::3, 4:].copy(),
    "view": lambda a: a[::3],
    "shuffled": lambda a: a[np.random.default_rng(0).permutation(a.n_obs)].copy(),
    "split and joined": lambda a: anndata.concat([a[70:], a[:70]], merge="same", uns_merge="same"),
    "unique": lambda a: anndata.concat([a[70:], a[:70]], merge="unique", uns_merge="unique"),
    "normalised": lambda a: anndata.AnnData(np.log1p(a.X), obs=a.obs, var=a.var, uns=a.uns, obsm=dict(a.obsm)),
    "blind again": sps.get.without_truth,
    "embedding alone": lambda a: anndata.AnnData(obs=a.obs, uns=a.uns, obsm=dict(a.obsm)),
}


@pytest.mark.parametrize("kind", STEMMING)
def test_the_key_survives_what_is_done_to_a_copy(blind, truth, other, kind) -> None:
    data = STEMMING[kind](blind["rna"])
    sps.tl.domain_agreement(data, "l", truth=truth, n_chance=0, copy=True)
    with pytest.raises(ValueError, match=REFUSED):
        sps.tl.domain_agreement(data, "l", truth=other, n_chance=0)
    rebuilt = mudata.MuData({"rna": data.copy()})
    with pytest.raises(ValueError, match=REFUSED):
        sps.tl.domain_agreement(rebuilt, "rna:l", truth=other, n_chance=0)
    with without_pulling():
        rebuilt.obs["l"] = "a"
    with pytest.raises(ValueError, match=REFUSED):
        sps.tl.domain_agreement(rebuilt, "l", truth=other, n_chance=0)


def test_objects_without_the_key_are_scored_as_before(blind, other) -> None:
    own = anndata.AnnData(obs=blind.obs[["l"]])
    sps.tl.domain_agreement(own, "l", truth=other, n_chance=0)
    old = other.copy()  # as an older version wrote it
    for part in (old, *old.mod.values()):
        part.uns["spsim"] = {key: value for key, value in part.uns["spsim"].items() if key != "fingerprint"}
    sps.tl.domain_agreement(blind, "l", truth=old, n_chance=0)
    assert KEY not in sps.get.without_truth(old).uns and KEY not in sps.get.without_truth(old)["rna"].uns


def test_the_command_line_refuses_it_in_one_line(blind, truth, other, tmp_path) -> None:
    with without_pulling():
        truth.write(tmp_path / "truth.h5mu")
        other.write(tmp_path / "other.h5mu")
    blind["rna"].write(tmp_path / "result.h5ad")
    for name, code in (("truth", 0), ("other", 1)):
        arguments = ["score", tmp_path / f"{name}.h5mu", tmp_path / "result.h5ad", "--key", "X"]
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
    assert re.search(REFUSED, result.output) and len(result.output.strip().splitlines()) == 1


def test_the_key_says_nothing_that_the_copy_does_not_show() -> None:
    """Whoever has the counts and coordinates can compute it: nothing else goes in, no seed, no parameter, no factor."""
    from spsim.slots._fingerprint import fingerprint_of
    from spsim.truth import Measurement, Observations, Truth

    mdata = simulated(1)
    blind = sps.get.without_truth(mdata)
    seen = Truth(
        observations={"": Observations(name="", n=144, places=blind.obsm["spatial"])}, of={}, features={}, means={}
    )
    measured = {name: Measurement(raw=part.layers["counts"]) for name, part in blind.mod.items()}
    assert fingerprint_of(seen, measured) == blind.uns[KEY]
    # The same counts from another recipe and seed: a null world without any chance is the same for all of them.
    silent = [{"name": "rna", "n_spatial": 5, "expression_mean": 0.0, "background_mean": 0.0}]
    keys = {
        sps.get.without_truth(sps.datasets.multiomics(silent, n_side=6, pattern=pattern, rng=rng)).uns[KEY]
        for pattern in ("quilt", "ggblocks")
        for rng in (0, 1)
    }
    assert len(keys) == 1
    text = json.dumps({str(k): str(v) for part in (blind, *blind.mod.values()) for k, v in part.uns.items()})
    assert set(json.loads(text)) == {KEY}


def test_large_modalities_are_hashed_in_rows_from_everywhere() -> None:
    design = sps.designs.Slices(n_slices=2, missing={"slice_2": ["block_1"]})
    one, two = (
        sps.simulate(sps.Scenario(design=d, n_side=24, modalities=[{"name": "rna", "n_spatial": 400}]))
        for d in (design, sps.designs.Slices(n_slices=2))
    )
    assert np.array_equal(one["rna"].X[:576], two["rna"].X[:576]) and one["rna"].X.size > 2**16
    assert sps.get.without_truth(one).uns != sps.get.without_truth(two).uns
