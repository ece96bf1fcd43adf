"""Cell types and their markers."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim._random import seed_sequence, stream
from spsim.factors import CellTypes, Markers
from spsim.factors._cell_types import dirichlet


def made(types=None, rule=None, *, rng=0, n_side=40, **fields):
    loadings = {} if rule is None else {"cell_type": rule}
    modality = {"name": "rna", "n_mixed": 300, "loadings": loadings} | fields
    factors = {"cell_type": types or CellTypes()}
    return sps.simulate(sps.Scenario(n_side=n_side, factors=factors, modalities=[modality]), rng=rng)


def test_every_observation_has_one_type() -> None:
    mdata = made()
    factors = mdata.obsm["cell_type_factors"]
    assert factors.dtype == np.float32 and np.array_equal(factors.sum(axis=1), np.ones(1600))
    assert list(sps.get.factors(mdata, block="cell_type")) == ["type_1", "type_2", "type_3"]
    codes = mdata.obs["cell_type"].cat.codes.to_numpy()
    assert np.array_equal(factors.argmax(axis=1), codes)
    assert sps.get.domains(mdata, label="cell_type").equals(mdata.obs["cell_type"])


def chi_square(obs, composition) -> float:
    total = 0.0
    for region, own in obs.groupby("domain", observed=True)["cell_type"]:
        expected = composition.loc[region].to_numpy() * len(own)
        counts = own.value_counts().reindex(composition.columns).to_numpy()
        total += ((counts - expected) ** 2 / expected).sum()
    return total


def test_shares_are_those_of_the_composition_of_each_region() -> None:
    """Chi-square over 5 regions × 2 free shares: 37.4 is the 5e-5 quantile of 10 degrees of freedom, for each of 3 seeds."""
    for seed in range(3):
        mdata = made(CellTypes(by="domain", concentration=5), rng=seed)
        composition = sps.get.table(mdata, "cell_type_composition")
        assert np.allclose(composition.sum(axis=1), 1)

        assert chi_square(mdata.obs, composition) < 37.4
        assert chi_square(mdata.obs, composition.iloc[::-1].set_axis(composition.index)) > 37.4  # a wrong variant


def test_concentration_sets_how_mixed_regions_are() -> None:
    """Mean of the largest of three shares: near 1 for small concentrations, near 1/3 for large ones."""
    largest = [
        sps.get.table(made(CellTypes(by="domain", concentration=c), n_side=6, rng=s), "cell_type_composition")
        for c in (0.05, 1, 50)
        for s in range(5)
    ]
    means = [np.mean([t.max(axis=1).mean() for t in largest[i : i + 5]]) for i in (0, 5, 10)]
    assert means[0] > 0.9 > 0.75 > means[1] > 0.5 and means[2] < 0.42


def test_types_have_mean_shares_of_their_own() -> None:
    """400 regions, 3 seeds: 5 standard errors of the mean share, false-alarm rate 6e-7 for each of 9."""
    alpha = np.array([2.0, 1.0, 0.25])
    share = alpha / alpha.sum()
    for seed in range(3):
        drawn = dirichlet(alpha.tolist(), (400, 3), stream(seed_sequence(seed), "x"))
        error = np.sqrt(share * (1 - share) / (1 + alpha.sum()) / 400)
        assert (np.abs(drawn.mean(axis=0) - share) < 5 * error).all()
        assert (np.abs(drawn.mean(axis=0) - 1 / 3) > 5 * error).any()
    rng = np.random.default_rng(0)
    assert np.array_equal(
        dirichlet([0.7] * 3, (5, 3), stream(seed_sequence(1), "x")),
        dirichlet(0.7, (5, 3), stream(seed_sequence(1), "x")),
    )
    recipe = CellTypes(concentration=rng.uniform(1, 2, 3))
    assert CellTypes(concentration=list(recipe.concentration)) == recipe


@pytest.mark.parametrize("concentration", [1e-6, 1e6])
def test_extreme_concentrations_give_shares(concentration) -> None:
    table = sps.get.table(made(CellTypes(concentration=concentration), n_side=6), "cell_type_composition")
    assert np.isfinite(table).to_numpy().all() and np.allclose(table.sum(axis=1), 1)


def test_types_are_known_only_if_told() -> None:
    for known in (False, True):
        blind = sps.get.without_truth(made(CellTypes(known=known), Markers(), n_side=6))
        for part in (blind, blind["rna"]):
            assert ("cell_type" in part.obs) == known
            assert "cell_type_factors" not in part.obsm and not set(getattr(part, "varm", {})) - {"rna"}


def test_fewer_observations_are_a_prefix() -> None:
    layouts = [sps.patterns.Grid(n_rows=rows, n_columns=10) for rows in (4, 8)]
    few, many = (
        sps.simulate(sps.Scenario(layout=layout, factors={"cell_type": CellTypes()}, modalities=[{"name": "rna"}]))
        for layout in layouts
    )
    assert np.array_equal(few.obsm["cell_type_factors"], many.obsm["cell_type_factors"][:40])


def test_markers_add_their_weight_where_their_type_is() -> None:
    mdata, plain = made(rule=Markers(weight=7, share=0.5)), made()
    added = sps.get.mean(mdata["rna"]).to_numpy() - sps.get.mean(plain["rna"]).to_numpy()
    loadings = mdata["rna"].varm["cell_type_loadings"]
    assert np.allclose(added, mdata.obsm["cell_type_factors"] @ loadings.T, atol=1e-6)
    assert set(np.unique(loadings)) == {0, 7} and ((loadings > 0).sum(axis=1) <= 1).all()
    # 300 features, half of them markers: 5 standard errors of a share.
    assert abs((loadings > 0).any(axis=1).mean() - 0.5) < 5 * 0.5 / np.sqrt(300)


@pytest.mark.parametrize("rule", [Markers(weight=0), Markers(share=0)])
def test_markers_of_no_size_are_absence_bit_for_bit(rule) -> None:
    assert np.array_equal(made(rule=rule, n_side=10)["rna"].X, made(n_side=10)["rna"].X)


def test_flat_features_respond_to_no_type() -> None:
    adata = made(rule=Markers(), n_flat=50, n_side=6)["rna"]
    flat = (adata.var["kind"] == "flat").to_numpy()
    assert flat.sum() == 50 and not adata.varm["cell_type_loadings"][flat].any()
    assert np.array_equal(np.unique(sps.get.mean(adata).to_numpy()[:, flat]), [0.2])


def test_features_that_load_on_types_of_regions_are_spatial() -> None:
    blocks = sps.get.blocks(made(CellTypes(by="domain"), Markers(), n_side=6)).set_index("block")
    assert blocks.loc["cell_type", "is_spatial"]
    assert not sps.get.blocks(made(rule=Markers(), n_side=6)).set_index("block").loc["cell_type", "is_spatial"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: CellTypes(n_types=0), ValueError, "n_types must be a whole number of at least 1"),
        (
            lambda: CellTypes(concentration=[1, 2]),
            ValueError,
            r"concentration must be one number or one per type \(3\), got 2",
        ),
        (lambda: CellTypes(concentration="1"), TypeError, "concentration must be a finite number above 0"),
        (lambda: CellTypes(concentration=[1, -1, 1]), ValueError, "concentration must be a finite number above 0"),
        (lambda: CellTypes(concentration=0), ValueError, "concentration must be a finite number above 0"),
        (lambda: CellTypes(known=1), TypeError, "known must be True or False"),
        (lambda: CellTypes(by=3), TypeError, "by must be a text"),
        (lambda: CellTypes(names=["a"]), ValueError, r"names must hold one name per type \(3\)"),
        (lambda: Markers(weight=-1), ValueError, "weight must be a finite number of at least 0"),
        (lambda: Markers(share=1.5), ValueError, r"share must be a probability in \[0, 1\]"),
        (
            lambda: made(CellTypes(by="region")),
            ValueError,
            r"factors\['cell_type'\]: no label 'region'; there are 'domain'",
        ),
    ],
)
def test_bad_recipes_are_refused_by_name(make, error, message) -> None:
    with pytest.raises(error, match=message):
        make()
