"""The Methods paragraph."""

from __future__ import annotations

import spsim as sps


def test_it_says_what_was_simulated() -> None:
    mdata = sps.datasets.multiomics(n_side=12, rng=17)
    description = sps.datasets.describe(sps.datasets.resample(mdata, rng=18))
    for text in (
        "scenario 'multiomics'",
        "144 spots, 4 spatial factors",
        "seed 17 for the truth and 18 for the counts",
        "1000 mixed (spatial share 0.55)",
        "loading on block_1, block_3, block_4",
        "ZeroInflatedNegativeBinomial(shape=10.0, dropout_rate=0.5)",
    ):
        assert text in description.paragraph
    assert description.parameters.loc["expression_mean"].tolist() == [20.0, 20.0]
    assert list(description.parameters) == ["rna", "protein"]
    assert "10.1038/s41592-022-01687-w" in description.bibtex and "@software{spsim" in description.bibtex
    assert description.paragraph in str(description)
    assert "  " not in description.paragraph


def test_shared_factors_are_said() -> None:
    scenario = sps.Scenario(n_side=6, shared_nonspatial=True, modalities=[{"name": "a"}, {"name": "b"}])
    assert "shared by all modalities" in sps.datasets.describe(sps.simulate(scenario)).paragraph
