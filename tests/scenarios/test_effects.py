"""Library sizes, efficiencies, noise and the logarithmic link: each knob does what it is called, and none leaves a trace at 0."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps

SPATIAL = {"n_spatial": 200, "n_nonspatial_factors": 0}


def rna(**fields):
    return sps.datasets.ggblocks(**(SPATIAL | fields))["rna"]


@pytest.mark.parametrize(
    "zero",
    [
        {"library_size": {"median": 1.0, "sd": 0.0}},
        {"library_size": None},
        {"efficiency_sd": 0.0},
        {"noise_mean": 0.0, "noise_sd": 0.0},
        {"link": "identity", "down_fraction": 0.0},
    ],
)
def test_an_effect_of_zero_changes_no_bit(zero) -> None:
    plain, other = rna(), rna(**zero)
    assert np.array_equal(plain.X, other.X)
    for key in (*plain.obsm, *plain.varm):
        assert np.array_equal({**plain.obsm, **plain.varm}[key], {**other.obsm, **other.varm}[key])


@pytest.mark.parametrize(("median", "sd"), [(1.0, 0.4), (3.0, 0.2)])
def test_library_sizes_are_log_normal_and_scale_the_mean(median, sd) -> None:
    adata = rna(library_size=sps.LibrarySize(median=median, sd=sd))
    logs = np.log(adata.obs["library_size"].to_numpy(float))
    # 1,296 normal values: mean and sd within 4.5 standard errors (false-alarm rate 7e-6); a tenth off fails.
    assert abs(logs.mean() - np.log(median)) < 4.5 * sd / 36
    assert abs(logs.std() - sd) < 4.5 * sd / np.sqrt(2 * 1296) < abs(1.1 * sd - sd)
    expected = np.outer(adata.obs["library_size"], np.ones(200)) * sps.get.mean(rna())
    assert np.allclose(sps.get.mean(adata), expected, rtol=1e-6)
    totals = adata.X.sum(axis=1) / sps.get.mean(rna()).sum(axis=1)
    assert np.corrcoef(totals, adata.obs["library_size"])[0, 1] > 0.8 > np.corrcoef(totals, rna().X.sum(axis=1))[0, 1]


def test_efficiencies_are_log_normal_and_scale_features() -> None:
    adata = rna(efficiency_sd=0.5, n_spatial=2000)
    logs = np.log(adata.var["efficiency"].to_numpy(float))
    assert abs(logs.mean()) < 4.5 * 0.5 / np.sqrt(2000) and abs(logs.std() - 0.5) < 4.5 * 0.5 / np.sqrt(4000)
    totals = adata.X.sum(axis=0) / sps.get.mean(rna(n_spatial=2000)).sum(axis=0)
    assert np.corrcoef(totals, adata.var["efficiency"])[0, 1] > 0.95


def test_noise_has_its_mean_and_spread() -> None:
    adata = rna(noise_mean=3.0, noise_sd=0.7)
    noise = adata.X - adata.layers["counts"]
    assert abs(noise.mean() - 3) < 4.5 * 0.7 / np.sqrt(noise.size)
    assert abs(noise.std() - 0.7) < 4.5 * 0.7 / np.sqrt(2 * noise.size)
    assert np.array_equal(adata.layers["counts"], rna().X)


def test_the_log_link_goes_up_and_down_by_the_same_factor() -> None:
    """Background b, mean m: up to b + m, down to b² / (b + m)."""
    adata = rna(link="log", background_mean=5.0, expression_mean=15.0)
    assert np.allclose(np.unique(sps.get.mean(adata).round(4)), [1.25, 5.0, 20.0])
    down = (adata.varm["spatial_loadings"] < 0).any(axis=1)
    assert abs(down.mean() - 0.5) < 4.5 * 0.5 / np.sqrt(200)
    on = adata.obsm["spatial_factors"][:, adata.var["spatial_factor"].cat.codes] > 0
    for is_down, mean in ((down, 1.25), (~down, 20.0)):
        counts = adata.X[:, is_down][on[:, is_down]]
        assert abs(counts.mean() - mean) < 4.5 * np.sqrt((mean + mean**2 / 10) / counts.size) < 0.1 * mean


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_the_share_of_negative_loadings_is_as_asked(share) -> None:
    adata = sps.datasets.quilt(12, n_mixed=2000, link="log", background_mean=1.0, down_fraction=share)["rna"]
    for key in ("spatial_loadings", "nonspatial_loadings"):
        down = (adata.varm[key] < 0).any(axis=1).mean()
        assert abs(down - share) <= 4.5 * np.sqrt(share * (1 - share) / 2000)
        assert not np.signbit(adata.varm[key][adata.varm[key] == 0]).any()


def test_the_log_link_with_nothing_down_has_the_means_of_the_identity() -> None:
    """One pure spatial factor that does not overlap: both links take a feature from b to b + m."""
    both = [sps.get.mean(rna(link=link, background_mean=2.0, down_fraction=0.0)) for link in ("log", "identity")]
    assert np.allclose(*both, rtol=1e-5)


@pytest.mark.parametrize("link", ["identity", "log"])
def test_a_null_world_has_one_mean(link) -> None:
    adata = rna(expression_mean=0, background_mean=2.0, link=link)
    assert (sps.get.mean(adata) == 2).all(axis=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"library_size": {"sd": 0.4}, "efficiency_sd": 0.3},
        {"link": "log", "background_mean": 2.0, "library_size": {"median": 2.0, "sd": 0.2}},
        {"noise_sd": 0.5, "sparse": True},
    ],
)
def test_objects_with_effects_replay_and_measure_anew_after_files(fields, tmp_path) -> None:
    import mudata

    mdata = sps.datasets.quilt(14, n_mixed=90, dropout_rate=0.3, **fields)
    mdata.write(tmp_path / "a.h5mu")
    read = mudata.read(tmp_path / "a.h5mu")
    assert (sps.datasets.replay(read)["rna"].X != mdata["rna"].X).sum() == 0
    assert sps.Scenario.from_mdata(read) == sps.Scenario.from_mdata(mdata)
    whole = sps.datasets.resample(read, rng=4)["rna"]
    rng = np.random.default_rng(0)
    part = mudata.MuData({"rna": read["rna"][rng.permutation(196)[:70], rng.permutation(90)[:40]].copy()})
    part.obsm["spatial"] = part["rna"].obsm["spatial"]
    part.obsm["spatial_factors"] = part["rna"].obsm["spatial_factors"]
    part.obs = read.obs.loc[part.obs_names]
    part.uns["spsim"] = read.uns["spsim"]
    again = sps.datasets.resample(part, rng=4)["rna"]
    expected = whole[again.obs_names, again.var_names]
    assert (again.X != expected.X).sum() == 0
    assert np.allclose(sps.get.mean(again), sps.get.mean(whole).loc[again.obs_names, again.var_names])


def test_the_methods_paragraph_names_the_effects() -> None:
    mdata = sps.datasets.quilt(
        6, link="log", background_mean=1.0, library_size={"sd": 0.25}, efficiency_sd=0.1, noise_mean=2, noise_sd=0.5
    )
    paragraph = sps.datasets.describe(mdata).paragraph
    for text in ("logarithm of the mean, 0.5 of the loadings", "sd of the logarithm 0.25", "0.1)", "N(2, 0.5²)"):
        assert text in paragraph


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"link": "logit"}, r"link must be one of 'identity', 'log', got 'logit'"),
        ({"link": "log", "background_mean": 0}, "background_mean must be above 0 with link='log', got 0"),
        ({"down_fraction": 0.5}, "down_fraction needs link='log'"),
        ({"link": "log", "down_fraction": 2}, r"down_fraction must be a probability in \[0, 1\], got 2"),
        (
            {"library_size": 0.4},
            "library_size must be a spsim.LibrarySize, a spsim.factors.Depth, a mapping of its fields or None, got 0.4",
        ),
        ({"library_size": {"median": 0}}, "median of library_size must be a finite number above 0, got 0"),
        ({"library_size": {"sd": -1}}, "sd of library_size must be a finite number of at least 0, got -1"),
        ({"library_size": {"mean": 1}}, "LibrarySize has no parameter 'mean': write median=; there are 'median', 'sd'"),
        ({"efficiency_sd": -1}, "efficiency_sd must be a finite number of at least 0, got -1"),
        ({"noise_sd": -1}, "noise_sd must be a finite number of at least 0, got -1"),
        ({"noise_mean": float("nan")}, "noise_mean must be a finite number, got nan"),
    ],
)
def test_bad_effects_are_refused_by_name(fields, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        sps.Modality(**fields)
