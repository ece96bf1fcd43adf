"""The Methods paragraph."""

from __future__ import annotations

import numpy as np

import spsim as sps
from worlds import made


def test_it_says_what_was_simulated() -> None:
    mdata = sps.datasets.multiomics(n_side=12, rng=17)
    description = sps.datasets.describe(sps.datasets.resample(mdata, rng=18))
    for text in (
        "scenario 'multiomics'",
        "144 spots, 4 spatial factors",
        "n_rows=12, n_columns=12), spatial factors follow the pattern 'ggblocks'.",
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


def test_layouts_and_patterns_are_named_with_their_parameters() -> None:
    patterns = sps.patterns
    scenario = sps.Scenario(
        pattern=patterns.GaussianProcess(length_scale=700),
        layout=patterns.Hexagonal(n_rows=8, n_columns=8),
        modalities=[{"name": "rna", "n_mixed": 30}],
    )
    paragraph = sps.datasets.describe(sps.simulate(scenario)).paragraph
    assert "unit='micrometer', n_rows=8, n_columns=8, spot_diameter=55.0)" in paragraph
    assert "follow the pattern GaussianProcess(" in paragraph and "length_scale=700.0" in paragraph


def test_own_arrays_are_said_to_be_own() -> None:
    layout = sps.patterns.Coordinates(coordinates=np.random.default_rng(0).random((40, 2)))
    paragraph = sps.datasets.describe(sps.datasets.quilt(n_mixed=30, layout=layout)).paragraph
    assert "are the user's own" in paragraph and "Coordinates(" not in paragraph


def test_published_data_sets_and_their_papers_are_named() -> None:
    mdata = sps.datasets.published("spamv_1")
    description = sps.datasets.describe(mdata)
    assert "(published data set 'spamv_1', replicate 1)" in description.paragraph
    assert description.bibtex.count("@") == 3 and "10.1101/2025.08.02.668264" in description.bibtex
    anew = sps.datasets.describe(sps.datasets.resample(mdata, rng=1)).paragraph
    assert "(published data set 'spamv_1', replicate 1, measured anew)" in anew
    # The paper of the quilt is the paper of the model.
    assert sps.datasets.describe(sps.datasets.published("nsf_quilt")).bibtex.count("@") == 2


def test_designs_factors_loadings_and_effects_are_named_with_their_parameters() -> None:
    text = sps.datasets.describe(made("everything")).paragraph
    assert "Observations are those of Slices(n_slices=3, turn=30.0, shift=2.0, missing={'slice_2': ['block_1']}" in text
    assert "Factors 'cell_type' are drawn as CellTypes(n_types=3, by='domain', concentration=1.0, known=False" in text
    assert "8 more features respond to no factor." in text
    assert "Features respond to the factors 'cell_type' as Markers(weight=10.0, share=0.5, confuse=[])." in text
    assert text.count("The mean is changed by Batch(by='slice', sd=0.8, within='domain', within_sd=0.3") == 2
    spread = sps.datasets.describe(made("effects")).paragraph
    assert "Backgrounds of features are log-normal around it (sd of the logarithm 0.5)." in spread


def test_who_is_measured_and_whose_features_is_said() -> None:
    modalities = [
        {"name": "rna", "n_nonspatial": 5},
        {"name": "again", "n_nonspatial": 5, "features_of": "rna", "observed": {"slice": ["slice_1"]}},
    ]
    scenario = sps.Scenario(pattern=None, design="slices", n_side=4, modalities=modalities)
    text = sps.datasets.describe(sps.simulate(scenario)).paragraph
    assert "without spatial factors." in text and "Its features are those of modality rna." in text
    assert "Only the observations {'slice': ['slice_1']} are measured." in text
