"""SPARK-X: Zhu, Sun & Zhou, Genome Biology 22:184 (2021); the hotspot simulation of the published analysis script.

Sources: repository xzhoulab/SPARK-X-Analysis, simulation/hotspot_simulation_example.R ("script"), its rendered run
("log") and funcs/utilities.R ("utilities").
"""

from __future__ import annotations

import numpy as np

from spsim import _keys
from spsim.datasets._catalogue._entry import Drawn, Entry, Paper
from spsim.patterns import FactorMatrix
from spsim.scenarios import Scenario, kinds_of, observed
from spsim.truth import Block, Features, Mean, Measurement, Truth

PAPER = Paper(
    system="SPARK-X",
    year=2021,
    doi="10.1186/s13059-021-02404-0",
    bibtex="""\
@article{zhu2021sparkx,
  author = {Zhu, Jiaqiang and Sun, Shiquan and Zhou, Xiang},
  title = {{SPARK-X}: non-parametric modeling enables scalable and robust detection of spatial expression patterns for
           large spatial transcriptomic studies},
  journal = {Genome Biology},
  volume = {22},
  year = {2021},
  doi = {10.1186/s13059-021-02404-0}
}
""",
)
SEED = 1  # script, line 24
N_SPOTS = 2965  # log: a Poisson(3000) number (script, line 22), the second draw of R's stream for the seed
HOTSPOT_SHARE = 0.2  # script, line 23
BASELINE = 0.5  # script, line 25: mean of every gene outside, of flat genes everywhere
EFFECT = 3.0  # script, line 26: inside the hotspot the mean is times this (up) or divided by it (down)
SHAPE = 5.0  # script, line 27
N_UP, N_DOWN, N_FLAT = 50, 50, 900  # script, lines 18 to 20: 500, 500 and 9,000; a tenth of each here


def entries() -> list[Entry]:
    """Return the one published hotspot data set."""
    scenario = Scenario(
        id="sparkx_hotspot",
        pattern=_hotspot(),
        modalities=[
            {
                "name": "rna",
                "n_spatial": N_UP + N_DOWN,
                "n_nonspatial": N_FLAT,
                "n_nonspatial_factors": 1,
                "nonspatial_probability": 0.0,  # flat genes stay at the baseline
                "expression_mean": BASELINE * (EFFECT - 1),
                "background_mean": BASELINE,
                "shape": SHAPE,
            }
        ],
    )
    return [
        Entry(
            id="sparkx_hotspot",
            paper=PAPER,
            scenario=scenario,
            seeds=(SEED,),
            draw=_draw,
            exact="spots, hotspot, classes of genes, means and shape",
            deviations=(
                "1,000 genes (50 up, 50 down, 900 flat) instead of 10,000 (500, 500, 9,000); counts of the same law, "
                "not of R's stream; down genes have the loading -1/3 on the hotspot"
            ),
            claim="SPARK-X finds the genes that are up in the hotspot",
        )
    ]


def _draw(scenario: Scenario, seed: int) -> Drawn:
    sets = observed(scenario, np.random.SeedSequence(seed))  # a given matrix: nothing is random
    ((name, spots),) = sets.items()
    factors = spots.factors[_keys.SPATIAL_BLOCK]
    loadings = np.zeros((N_UP + N_DOWN + N_FLAT, 1), np.float32)
    loadings[:N_UP] = BASELINE * (EFFECT - 1)
    loadings[N_UP : N_UP + N_DOWN] = BASELINE * (1 / EFFECT - 1)
    blocks = [
        Block(
            name=_keys.SPATIAL_BLOCK,
            columns=factors.columns,
            factors=factors.values,
            loadings=loadings,
            is_spatial=True,
            is_assigned=True,
        ),
        Block(
            name=_keys.NONSPATIAL_BLOCK,
            columns=tuple(_keys.nonspatial_names(1)),
            factors=np.zeros((N_SPOTS, 1), np.float32),
            loadings=np.zeros((len(loadings), 1), np.float32),
            is_assigned=True,
        ),
    ]
    mean = Mean(baseline=BASELINE, blocks=tuple(blocks))
    (rna,) = scenario.modalities
    truth = Truth(
        observations=sets,
        of={rna.name: name},
        features={rna.name: Features(labels={_keys.KIND: kinds_of(rna)})},
        means={rna.name: mean},
    )
    drawn = np.random.default_rng(seed).negative_binomial(SHAPE, SHAPE / (mean.rows() + SHAPE)).astype(np.float32)
    return Drawn(truth=truth, measured={rna.name: Measurement(raw=drawn)})


def _hotspot() -> FactorMatrix:
    """The spot nearest to the middle of the unit square, and the fifth of the spots nearest to it (utilities)."""
    coordinates = _spots()
    centre = coordinates[((coordinates - 0.5) ** 2).sum(axis=1).argmin()]
    distance = ((coordinates - centre) ** 2).sum(axis=1)
    inside = distance <= np.sort(distance)[round(HOTSPOT_SHARE * N_SPOTS) - 1]
    return FactorMatrix(
        factors=inside[:, None],
        coordinates=coordinates,
        names=["hotspot"],
        spacing=N_SPOTS**-0.5,  # expected spacing on the unit square
        unit="unit square",
    )


def _spots() -> np.ndarray:
    """Uniform spots on the unit square from R's default generator, x drawn before y (spatstat's runifrect)."""
    n_skipped = 3  # uniforms that the Poisson number took: two for a normal deviate, one for the squeeze
    words = _r_mersenne_twister(SEED).random_raw(n_skipped + 2 * N_SPOTS)[n_skipped:]
    uniforms = words * 2.3283064365386963e-10  # RNG.c: 32-bit word to (0, 1)
    return np.column_stack([uniforms[:N_SPOTS], uniforms[N_SPOTS:]])


def _r_mersenne_twister(seed: int) -> np.random.MT19937:
    """R's set.seed (RNG.c): 50 steps of a congruential generator, then one word per slot, the first being the position."""
    state, words = seed, []
    for step in range(50 + 625):
        state = (69069 * state + 1) % 2**32
        if step >= 50:
            words.append(state)
    generator = np.random.MT19937()
    generator.state = {"bit_generator": "MT19937", "state": {"key": np.array(words[1:], np.uint32), "pos": 624}}
    return generator
