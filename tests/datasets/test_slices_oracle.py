"""Truth and mean of slices against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from oracles import slices as oracle
from spsim.designs import Recut, Reflection, Slices, Stages
from spsim.factors import Batch, Depth, Detection, Graded, Normal, Nuisance

SIDE, MIDDLE = 9, (4.0, 4.0)
APPEAR = {"block_2": 0.4, "block_3": 0.9}
STAGES = Stages(appear=APPEAR, width=0.2, growth=0.3, shift=(0.7, -0.4))
MISSING = {"slice_2": ["block_1"]}
DIAMETERS = {"slice_1": 0.5, "slice_3": 2.2}


def made(rng, *, motions=(), diameters=None, stages=None):
    design = Slices(
        n_slices=3, turn=70, shift=1.5, motions=motions, missing=MISSING, stages=stages, diameters=diameters or {}
    )
    modality = {
        "name": "rna",
        "n_spatial": 12,
        "n_flat": 4,
        "expression_mean": 3.0,
        "background_mean": 0.4,
        "background_sd": 0.5,
        "loadings": {"spatial": Graded(overlap=0.4), "nuisance": Normal(sd=0.4)},
        "library_size": Depth(median=50, sd=0.3, smooth=3, composition=True),
        "effects": [Batch(by="slice", sd=0.5, within="domain", within_sd=0.3), Detection(by="slice", sd=0.4)],
    }
    return sps.simulate(
        sps.Scenario(
            n_side=SIDE,
            design=design,
            factors={"nuisance": Nuisance(length=3, by="slice")},
            modalities=[modality],
        ),
        rng=rng,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "motions", [(), (Reflection(probability=1),), (Recut(),), (Recut(), Reflection(probability=1))]
)
def test_places_and_partners(motions, seed) -> None:
    mdata = made(seed, motions=motions)
    table = sps.get.table(mdata, "transforms")
    grid = [(float(x), float(y)) for y in range(SIDE) for x in range(SIDE)]
    measured, tissue, slices = [], [], []
    for name, own in table.iterrows():
        how = {
            "angle": own["angle"],
            "shift": (own["shift_x"], own["shift_y"]),
            "mirrored": bool(own.get("reflected", 0.0)),
            "middle": MIDDLE,
        }
        for g in grid:
            if name != "slice_1" and Recut() in motions:
                under = oracle.in_tissue(g, **how)
                if min(under) < -0.5 or max(under) > SIDE - 0.5:
                    continue
                measured.append(g)
                tissue.append(under)
            else:
                measured.append(oracle.on_glass(g, **how))
                tissue.append(g)
            slices.append(name)
    assert mdata.obs["slice"].tolist() == slices
    assert mdata.obsm["spatial"] == pytest.approx(np.array(measured), abs=1e-9)
    assert mdata.obsm["spatial_true"] == pytest.approx(np.array(tissue), abs=1e-9)
    rows, columns = mdata.obsp["partners"].nonzero()
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == oracle.partners(tissue, slices, 1.0)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("stages", [None, STAGES])
@pytest.mark.parametrize("diameters", [None, DIAMETERS])
def test_factors_and_domains(stages, diameters, seed) -> None:
    mdata = made(seed, motions=[Recut()], stages=stages, diameters=diameters)
    expected = []
    for g, name in zip(mdata.obsm["spatial_true"], mdata.obs["slice"], strict=True):
        age = (int(name[-1]) - 1) / 2
        at = tuple(g)
        levels = [1.0] * 4
        if stages is not None:
            at = oracle.aged(at, age=age, growth=0.3, shift=(0.7, -0.4), middle=MIDDLE, side=SIDE)
            levels = [oracle.amplitude(age, APPEAR.get(block), 0.2) for block in oracle.NAMES]
        levels = [
            0.0 if block in MISSING.get(name, ()) else level for block, level in zip(oracle.NAMES, levels, strict=True)
        ]
        diameter = None if diameters is None else diameters.get(name, 1.0)
        expected.append(oracle.factors(at, side=SIDE, diameter=diameter, amplitudes=levels))
    found = mdata.obsm["spatial_factors"]
    assert found == pytest.approx(np.array(expected), abs=1e-6)
    largest = [max(column) for column in zip(*expected, strict=True)]
    # A value on the line to half of the largest one may fall on either side in single precision.
    clear = (np.abs(np.array(expected) - np.array(largest) / 2) > 1e-5).all(axis=1)
    domains = [oracle.domain(values, largest) for values in expected]
    assert clear.mean() > 0.9
    assert np.array(domains)[clear].tolist() == mdata.obs["domain"].to_numpy()[clear].tolist()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("diameters", [None, DIAMETERS])
def test_means(diameters, seed) -> None:
    mdata = made(seed, motions=[Recut()], stages=STAGES, diameters=diameters)
    adata = mdata["rna"]
    # What depth a spot has: its total in a world of flat features with the same seed.
    flat = sps.datasets.twin(mdata, expression_mean=0.0, background_sd=0.0, loadings={}, effects=[])
    depth = sps.get.mean(flat["rna"]).to_numpy().sum(axis=1)
    if diameters is not None:
        depth = depth / flat["rna"].obs["area"].to_numpy()
    slices = list(mdata.obs["slice"].cat.categories)
    domains = list(mdata.obs["domain"].cat.categories)
    expected = []
    for i in range(mdata.n_obs):
        name, where = mdata.obs["slice"].iloc[i], mdata.obs["domain"].iloc[i]
        s = slices.index(name)
        both = s * len(domains) + domains.index(where)
        means = oracle.row(
            baseline=[float(b) for b in adata.var["baseline"]],
            spatial=(adata.obsm["spatial_factors"][i].tolist(), adata.varm["spatial_loadings"].tolist()),
            nuisance=(adata.obsm["nuisance_factors"][i].tolist(), adata.varm["nuisance_loadings"].tolist()),
            batch=adata.varm["batch_loadings"][:, s].tolist(),
            within=adata.varm["batch_within_loadings"][:, both].tolist(),
        )
        area = 1.0 if diameters is None else diameters.get(name, 1.0) ** 2
        scale = area * float(adata.obs["detection"].iloc[i])
        expected.append(oracle.composed(means, depth=depth[i], scale=scale))
    assert sps.get.mean(adata).to_numpy() == pytest.approx(np.array(expected), rel=2e-5)


def test_the_loops_can_disagree() -> None:
    mdata = made(0, motions=[Recut()])
    found = mdata.obsm["spatial_factors"]
    wrong = [
        oracle.factors(tuple(g), side=SIDE, diameter=None, amplitudes=[1.0] * 4) for g in mdata.obsm["spatial_true"]
    ]
    assert found != pytest.approx(np.array(wrong), abs=1e-6)  # slice_2 has no block_1
