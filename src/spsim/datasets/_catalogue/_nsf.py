"""NSF: Townes & Engelhardt, Nature Methods 20:229-238 (2023); 45 data sets of its simulation study."""

from __future__ import annotations

from typing import Any

from spsim.datasets._catalogue._entry import Drawn, Entry, Paper
from spsim.datasets._catalogue._nsf_order import draw_in_nsf_order
from spsim.patterns import Grid
from spsim.scenarios import Scenario

PAPER = Paper(
    system="NSF",
    year=2023,
    doi="10.1038/s41592-022-01687-w",
    bibtex="""\
@article{townes2023nonnegative,
  author = {Townes, F. William and Engelhardt, Barbara E.},
  title = {Nonnegative spatial factorization applied to spatial genomics},
  journal = {Nature Methods},
  volume = {20},
  pages = {229--238},
  year = {2023},
  doi = {10.1038/s41592-022-01687-w}
}
""",
)
N_SIDE = 36  # Methods, simulations: 36 × 36 spots
SEEDS = (1, 2, 3, 4, 5)  # the paper's simulation scripts: replicates 1 to 5
COMMON: dict[str, Any] = {
    "name": "rna",
    "expression_mean": 20.0,  # Methods, simulations
    "background_mean": 0.2,  # Methods, simulations
    "shape": 10.0,  # Methods, simulations: NB shape
    "nonspatial_probability": 0.2,  # Methods, simulations
    "spatial_fraction": 0.6,  # the simulation scripts of sets 1 and 2; the generator's default is 0.55
}
DESIGNS: dict[str, dict[str, Any]] = {
    "": {"n_spatial": 200},  # set 1: 200 pure spatial features, no non-spatial part
    "_split": {"n_spatial": 250, "n_nonspatial": 250},  # set 2
    "_mixed": {"n_mixed": 500},  # set 2
}
N_NONSPATIAL = {"quilt": 3, "ggblocks": 3, "both": 6}  # set 2, simulation scripts; set 1 has none


def entries() -> list[Entry]:
    """Return the nine data sets of five replicates each."""
    return [_entry(pattern, design) for pattern in N_NONSPATIAL for design in DESIGNS]


def _entry(pattern: str, design: str) -> Entry:
    n_nonspatial_factors = N_NONSPATIAL[pattern] if design else 0
    modality = COMMON | DESIGNS[design] | {"n_nonspatial_factors": n_nonspatial_factors}
    identifier = f"nsf_{pattern}{design}"
    return Entry(
        id=identifier,
        paper=PAPER,
        scenario=Scenario(id=identifier, pattern=pattern, layout=Grid(n_rows=N_SIDE), modalities=[modality]),
        seeds=SEEDS,
        draw=_draw,
        exact="counts, factors and loadings equal the paper's files bit for bit, in grid order",
        deviations="the random order of rows is left out; X holds counts, not their log1p",
        claim=(
            "NSF and PNMF recover the spatial factors part by part, real-valued FA and MEFISTO mix them; with "
            "non-spatial factors the hybrid separates both"
        ),
    )


def _draw(scenario: Scenario, seed: int) -> Drawn:
    return draw_in_nsf_order(scenario, {modality.name: seed for modality in scenario.modalities})
