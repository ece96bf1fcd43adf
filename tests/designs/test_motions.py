"""What all motions promise: absent at zero, nothing but their own slice and their own numbers."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import RNA, made, rows, same
from spsim.designs import Crop, Drift, Motion, Recut, Reflection, Slices, Snap, Warp

# Each at work, and as it is where it does nothing.
AT_WORK = {
    "Reflection": Reflection(probability=0.5),
    "Recut": Recut(),
    "Warp": Warp(sd=0.7, length=4),
    "Drift": Drift(sd=0.7, length=4),
    "Crop": Crop(share=0.3),
    "Snap": Snap(),
}
AT_ZERO = {"Reflection": Reflection(probability=0), "Warp": Warp(sd=0), "Drift": Drift(sd=0), "Crop": Crop(share=0)}
# On slices that are neither turned nor shifted these do nothing.
STILL = {"Recut": Recut(), "Snap": Snap()}
# What each motion of a random kind draws, as a function of the object.
DRAWN = {
    "Reflection": lambda mdata: sps.get.table(mdata, "transforms")["reflected"].to_numpy(),
    "Warp": lambda mdata: mdata.obsm["spatial"] - mdata.obsm["spatial_true"],
    "Drift": lambda mdata: mdata.obsm["spatial_factors"],
    "Crop": lambda mdata: mdata.obsm["spatial_true"],
}


def test_every_motion_of_ours_is_here() -> None:
    ours = {kind.__name__ for kind in Motion.__subclasses__() if kind.__module__.startswith("spsim.")}
    assert ours == set(AT_WORK) == set(AT_ZERO) | set(STILL)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", AT_WORK)
def test_a_motion_of_no_size_is_no_motion(name, seed) -> None:
    moves = {"turn": 40.0, "shift": 2.0} if name in AT_ZERO else {}
    off = AT_ZERO.get(name) or STILL[name]
    same(made(off, rng=seed, **moves), made(rng=seed, **moves))
    with pytest.raises(AssertionError):
        more = {"rng": seed, "turn": 40.0, "shift": 2.0, "n_slices": 8}
        same(made(AT_WORK[name], **more), made(**more))


@pytest.mark.parametrize("name", AT_WORK)
def test_the_first_slice_stays_and_slices_are_a_prefix_of_more(name) -> None:
    moves = {"turn": 40.0, "shift": 2.0}
    few, many, still = (
        made(AT_WORK[name], n_slices=2, **moves),
        made(AT_WORK[name], n_slices=4, **moves),
        made(n_slices=2, **moves),
    )
    for key in ("spatial", "spatial_true", "spatial_factors"):
        assert np.array_equal(few.obsm[key], many.obsm[key][: few.n_obs])
        assert np.array_equal(few.obsm[key][:100], still.obsm[key][:100])
    assert np.array_equal(few["rna"].X, many["rna"].X[: few.n_obs])
    table = sps.get.table(many, "transforms")
    assert table.iloc[:2].equals(sps.get.table(few, "transforms"))


@pytest.mark.parametrize("other", AT_WORK)
@pytest.mark.parametrize("name", DRAWN)
def test_a_motion_draws_the_same_whichever_others_there_are(name, other) -> None:
    """Only Crop, Recut and Snap lose spots, so what is compared are the spots that both hold."""
    if name == other:
        return
    alone, both = made(AT_WORK[name], n_slices=3), made(AT_WORK[other], AT_WORK[name], n_slices=3)
    if {name, other} <= {"Reflection", "Recut", "Snap"}:
        assert np.array_equal(DRAWN[name](alone), DRAWN[name](both))
        return
    drawn = DRAWN[name](alone), DRAWN[name](both)
    if drawn[0].shape != drawn[1].shape:  # cropped by the other one: its spots are some of ours
        kept = {(s, *xy) for s, xy in zip(both.obs["slice"], both.obsm["spatial_true"].tolist(), strict=True)}
        mine = [(s, *xy) in kept for s, xy in zip(alone.obs["slice"], alone.obsm["spatial_true"].tolist(), strict=True)]
        drawn = drawn[0][mine], drawn[1]
    if name == "Warp" and other in {"Reflection", "Snap"}:
        return  # these change measured places, too
    assert np.array_equal(*drawn)


@pytest.mark.parametrize("name", AT_WORK)
def test_motions_go_through_json_and_replay(name) -> None:
    design = Slices(motions=[AT_WORK[name]], turn=30)
    assert Slices(**{k: v for k, v in design.to_dict().items() if k != "name"}) == design
    scenario = sps.Scenario(design=design, n_side=8, modalities=[RNA])
    assert sps.Scenario.from_json(scenario.to_json()) == scenario
    mdata = sps.simulate(scenario, rng=1)
    assert sps.Scenario.from_mdata(mdata) == scenario
    same(mdata, sps.datasets.replay(mdata))


@pytest.mark.parametrize("name", AT_WORK)
def test_all_that_belongs_to_a_spot_goes_with_it(name) -> None:
    """Factors, domains, index and places of a slice are those of its spots, also where some of them are lost."""
    mdata = made(AT_WORK[name], n_slices=3, turn=25, shift=1)
    assert sps.get.factors(mdata).index.equals(mdata.obs_names)
    assert mdata.obs["spsim_index"].tolist() == list(range(mdata.n_obs))
    sizes = [len(rows(mdata, own)) for own in ("slice_1", "slice_2", "slice_3")]
    assert sum(sizes) == mdata.n_obs and sizes[0] == 100
    if name in {"Recut", "Crop", "Snap"}:
        assert max(sizes[1:]) < 100
    for part in (mdata, mdata["rna"]):
        assert np.array_equal(part.obsm["spatial"], mdata.obsm["spatial"])
        assert part.obsp["partners"].shape == (mdata.n_obs,) * 2
    assert np.array_equal(mdata.obs[["x", "y"]].to_numpy(), mdata.obsm["spatial"])
    if name == "Drift":
        return  # looked up elsewhere than where spots lie
    # The ggblocks motif at the place in the common frame, pixel by pixel.
    box = np.floor((mdata.obsm["spatial_true"] + 0.5) / 10 * 6 + 1e-9).astype(int).clip(0, 5)
    pixel = 6 * box[:, 1] + box[:, 0]
    blocks = [{1, 6, 7, 8, 13}, {3, 4, 5, 9, 11, 15, 16, 17}, {18, 24, 25, 30, 31, 32}, {21, 22, 23, 28, 34}]
    expected = np.array([[p in block for block in blocks] for p in pixel], float)
    agree = (expected == mdata.obsm["spatial_factors"]).all(axis=1)
    border = (np.abs((mdata.obsm["spatial_true"] + 0.5) / 10 * 6 % 1 - 0.5) > 0.5 - 1e-6).any(axis=1)
    assert agree[~border].all()
    assert not (expected[::-1] == mdata.obsm["spatial_factors"]).all(axis=1)[~border].all()


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: Warp(sd=-1), ValueError, "sd must be a finite number of at least 0"),
        (lambda: Warp(length=0), ValueError, "length must be a finite number above 0"),
        (lambda: Drift(sd="1"), TypeError, "sd must be a finite number"),
        (lambda: Drift(length=-2), ValueError, "length must be a finite number above 0"),
        (lambda: Crop(share=1), ValueError, "share must be below 1"),
        (lambda: Crop(share=-0.1), ValueError, "share must be a probability"),
        (lambda: Reflection(probability=2), ValueError, "probability must be a probability"),
        (lambda: Slices(motions="Warp"), TypeError, "motions must be a list of motions"),
        (lambda: Slices(motions=[3]), TypeError, r"motions\[0\] must be a Motion"),
        (lambda: Slices(motions=["Plain"]), ValueError, r"motions\[0\] name must be one of"),
        (
            lambda: Slices(motions=[Recut(), Recut()]),
            ValueError,
            "motions must hold Recut at most once, got it 2 times",
        ),
        (lambda: Slices(motions=[Reflection()] * 3), ValueError, "Reflection at most once, got it 3 times"),
        (lambda: made(Recut(), shift=500, n_slices=3), ValueError, "Recut leaves no spot of 'slice_2'"),
    ],
)
def test_bad_motions_are_refused_by_name(build, error, message) -> None:
    with pytest.raises(error, match=message):
        build()


def test_names_of_motions_are_enough() -> None:
    assert Slices(motions=["Snap", {"name": "Warp", "sd": 2}]).motions == (Snap(), Warp(sd=2))
