"""Whole scores on published simulations: what is recovered, what chance gives, what the ceiling is."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import NMF

import spsim as sps


def test_nmf_recovers_the_quilt() -> None:
    mdata = sps.datasets.published("nsf_quilt")
    nmf = NMF(4, init="nndsvda", solver="mu", beta_loss="kullback-leibler", max_iter=500, random_state=0)
    mdata["rna"].obsm["X_nmf"] = nmf.fit_transform(mdata["rna"].X)
    table = sps.tl.factor_recovery(mdata, "rna:X_nmf")
    assert table["score"].min() > 0.99 and table["variance_recovered"].min() > 0.98
    assert (table["chance_p95"] < 0.9).all() and (table["ceiling"] == 1).all()


def unrelated(mdata, n_estimates):
    """Smooth estimates that know nothing: shifted copies of smooth fields, drawn apart from the score's own chance."""
    places = mdata.obsm["spatial"]
    waves = np.random.default_rng(5).normal(size=(6, 2, 2))
    fields = np.stack([np.cos(places @ a / 6 + b @ a) for a, b in waves], axis=1)
    yield from sps.metrics.smooth_null(fields, places, n_draws=n_estimates, rng=77)


def test_an_unrelated_smooth_estimate_scores_at_its_stated_chance() -> None:
    mdata = sps.datasets.published("spamv_2")
    gaps, above, noise = [], [], []
    for estimate in unrelated(mdata, 20):
        mdata.obsm["X"] = estimate
        table = sps.tl.factor_recovery(mdata, "X", n_chance=30)
        gaps.append((table["score"] - table["chance"]).mean())
        above.append((table["score"] > table["chance_p95"]).mean())
        mdata.obsm["X"] = np.random.default_rng(len(gaps)).permutation(estimate)
        noise.append(sps.tl.factor_recovery(mdata, "X", n_chance=30)["chance"].mean())
    # The mean gap of 20 estimates lies within 4 standard errors of none: Student's t with 19 degrees of freedom, false alarm 1 in 1,300.
    assert abs(np.mean(gaps)) < 4 * np.std(gaps, ddof=1) / np.sqrt(20)
    # 5 percent by definition; 9 factors of 20 estimates, not independent: 15 is far outside.
    assert np.mean(above) < 0.15
    # The wrong null, white noise, would put chance far below what these estimates score.
    assert np.mean(noise) < 0.6 * table["score"].mean() + 0.05


def test_unrelated_labels_score_at_their_stated_chance() -> None:
    mdata = sps.datasets.published("spamv_2")
    scores, chances = [], []
    own = np.array(list("abcd"))[(mdata.obsm["spatial"] // 12 % 2 @ [1, 2]).astype(int)]
    for labels in sps.metrics.label_shift_null(own, mdata.obsm["spatial"], n_draws=12, rng=77):
        mdata.obs["X"] = labels
        table = sps.tl.domain_agreement(mdata, "X", n_chance=8)
        scores.append(table.loc["ari", "score"])
        chances.append(table.loc["ari", "chance"])
    gap = np.subtract(scores, chances)
    # Within 4 standard errors of none; Student's t with 11 degrees of freedom: false alarm 1 in 500, at a fixed seed.
    assert abs(gap.mean()) < 4 * gap.std(ddof=1) / np.sqrt(12)
    # The wrong null, shuffled labels, has an ARI of 0.
    assert np.mean(scores) > 0.02


def test_a_perfect_partition_of_one_modality_is_at_its_ceiling() -> None:
    mdata = sps.datasets.published("spamv_2")
    seen = sps.get.activity(mdata).columns[sps.get.activity(mdata).loc["rna"]]
    perfect = sps.get.visible_domains(mdata, seen)
    mdata["rna"].obs["perfect"] = perfect.cat.rename_categories(range(len(perfect.cat.categories))).to_numpy()
    table = sps.tl.domain_agreement(mdata, "rna:perfect")
    assert (table["score"] == table["ceiling"]).all() and (table["foreground"] == table["foreground_ceiling"]).all()
    assert 0.5 < table.loc["ari", "ceiling"] < 0.9
    # The same labels, said to come from both modalities, fall short of a ceiling of 1.
    mdata.obs["perfect"] = mdata["rna"].obs["perfect"]
    joint = sps.tl.domain_agreement(mdata, "perfect")
    assert joint.loc["ari", "ceiling"] == 1 and joint.loc["ari", "score"] == table.loc["ari", "score"]
    shared = sps.get.activity(mdata).columns[sps.get.activity(mdata).all()]
    by_hand = sps.tl.domain_agreement(mdata, "rna:perfect", visible=shared)
    assert by_hand.loc["ari", "ceiling"] < table.loc["ari", "ceiling"]


def test_overlapping_factors_have_a_ceiling_too() -> None:
    modalities = [{"name": "a", "n_spatial": 50, "active_factors": [0, 2]}, {"name": "b", "n_spatial": 50}]
    mdata = sps.datasets.multiomics(modalities, pattern="quilt", n_side=12)
    perfect = sps.get.visible_domains(mdata, ["squares", "scotland"])
    mdata["a"].obs["perfect"] = perfect.to_numpy()
    table = sps.tl.evaluate(mdata, ["a:perfect"])
    agreement = table[table["target"].isin(["domains", "foreground"])]
    assert (agreement["value"] == agreement["ceiling"]).all() and agreement["value"].min() < 0.7
    factors = table[table["score"] == "variance_recovered"].set_index("target")
    assert factors.loc[["squares", "scotland"], "value"].min() > 0.999
    assert (factors["value"] <= factors["ceiling"] + 1e-12).all()
