"""The Methods paragraph."""

from __future__ import annotations

import re

import numpy as np
import pytest

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


def test_rare_types_and_pairs_that_are_not_told_apart_are_said() -> None:
    paragraph = sps.datasets.describe(sps.datasets.citeseq(5, n_cells=20)).paragraph
    assert "(shares A 0.3, B 0.3, C 0.3, D 0.05, E 0.05)" in paragraph
    rna, protein = paragraph.split("Modality protein has")
    assert "(A and B are not told apart)" in rna and "(C and D are not told apart)" in protein
    image = sps.datasets.describe(sps.datasets.rna_and_image(3, n_side=6)).paragraph
    assert "(block_1 and block_2 are not told apart)" in image and "(block_3 and block_4 are not told apart)" in image
    plain = sps.datasets.describe(sps.datasets.rna_and_image(3, n_side=6, confuse={})).paragraph
    assert "told apart" not in plain


@pytest.mark.parametrize(
    ("world", "dois"),
    [
        ("citeseq", ["10.1038/s41592-020-01050-x"]),
        ("perturbseq", ["10.1101/2023.04.19.537364"]),
        ("ecotypes", []),
    ],
)
def test_papers_of_recipes_are_cited_once(world, dois) -> None:
    mdata = getattr(sps.datasets, world)()
    bibtex = sps.datasets.describe(mdata).bibtex
    assert re.findall(r"doi = \{(.*?)\}", bibtex) == ["10.1038/s41592-022-01687-w", *dois]
    assert bibtex.count("{") == bibtex.count("}")


def test_designs_factors_loadings_and_effects_are_told_in_words() -> None:
    text = sps.datasets.describe(made("everything")).paragraph
    assert (
        "seen in 3 slices (slice_1, slice_2 and slice_3). All but the first are turned by up to 30 degrees and " in text
    )
    assert "shifted by up to 2 along each axis. slice_2 lacks block_1." in text
    assert "Factors 'cell_type' are one of 3 types per observation, whose composition differs by domain" in text
    assert "8 more features respond to no factor." in text
    assert "Features respond to the factors 'cell_type' to one each, a share of 0.5 of them, with weight 10." in text
    batch = (
        "The mean is changed by a batch effect of each feature and slice (sd 0.8 on the logarithm) and one of rank 2"
    )
    assert text.count(batch) == 2
    spread = sps.datasets.describe(made("effects")).paragraph
    assert "Backgrounds of features are log-normal around it (sd of the logarithm 0.5)." in spread


def test_slices_read_as_a_methods_paragraph() -> None:
    """Nothing of it looks like code but the layout and the likelihood."""
    conditions = ["control", "control", "treated", "treated"]
    stages = {"name": "Stages", "appear": {"block_2": 0.5}, "growth": 0.2, "shift": [1, 0]}
    design = sps.Scenario.from_mdata(sps.datasets.slices(n_side=6)).designed.to_dict()
    mdata = sps.datasets.slices(
        n_side=6,
        design={**design, "stages": stages, "diameters": {"slice_2": 2.0}, "missing": {"slice_4": ["block_1"]}},
        conditions=conditions,
        confounding=0.5,
    )
    text = sps.datasets.describe(mdata).paragraph
    for words in (
        "The tissue is seen in 4 slices (slice_1, slice_2, slice_3 and slice_4).",
        "sampled on a lattice of their own, cut where boundaries lie elsewhere (drift of sd 1 and length scale 6) and warped",
        "slice_4 lacks block_1.",
        "Their ages run from 0 to 1: block_2 appears at 0.5, structures grow by a share of 0.2 and structures shift by (1, 0)",
        "Spots of slice_2 are discs of diameter 2.",
        "By condition, they are control, control, treated and treated.",
        "3 smooth Gaussian fields over each slice (Matérn correlation, smoothness 1.5, length scale 3)",
        "Factors 'response' are 1 in observations of treated:type_1 of condition and cell_type, else 0.",
        "Gamma weights of shape 2 and mean 1, a share of 0.2 of them to a second one.",
        "a batch effect of each feature and condition (sd 0.212 on the logarithm)",
        "has 300 spatial features with mean 0.4 on background 0.3, loading on block_1",
        "vary smoothly over tissue (length scale 5) and are the totals of rows, which are normalised first.",
    ):
        assert words in text
    bare = text.replace("Grid(spacing=1.0, unit='spot', n_rows=6, n_columns=6)", "").replace(
        "NegativeBinomial(shape=5.0)", ""
    )
    assert "=" not in bare and "{" not in bare and "[" not in bare and "  " not in text.replace("  ", " ")


def test_every_motion_and_most_recipes_have_words() -> None:
    from spsim._recipe import members
    from spsim.designs import Motion, Slices

    assert all(kind().prose for kind in members(Motion).values())
    motions = [kind() for name, kind in members(Motion).items() if name != "Recut"]
    assert "mirrored with probability 0.5" in Slices(motions=motions).prose
    assert Slices(n_slices=1, motions=motions).prose == "The tissue is seen in 1 slice (slice_1)."


def test_who_is_measured_and_whose_features_is_said() -> None:
    modalities = [
        {"name": "rna", "n_nonspatial": 5},
        {"name": "again", "n_nonspatial": 5, "features_of": "rna", "observed": {"slice": ["slice_1"]}},
    ]
    scenario = sps.Scenario(pattern=None, design="slices", n_side=4, modalities=modalities)
    text = sps.datasets.describe(sps.simulate(scenario)).paragraph
    assert "without spatial factors." in text and "Its features are those of modality rna." in text
    assert "Only the observations {'slice': ['slice_1']} are measured." in text
