"""mudata updates, copies and slices the objects, and spsim goes on working on what comes out."""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import mudata
import numpy as np
import pytest

import spsim as sps
from workflows.checks import assert_same, buffers, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from mudata import MuData


def _as_in_mudata_04() -> AbstractContextManager[object]:
    settings = getattr(mudata, "settings", None)
    return (settings.override if hasattr(settings, "override") else mudata.set_options)(pull_on_update=False)


@pytest.fixture(params=[nullcontext, _as_in_mudata_04], ids=["default", "no-pull"])
def pulling(request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[object]]:
    return request.param


def test_update_changes_nothing(small: MuData, pulling: Callable[[], AbstractContextManager[object]]) -> None:
    with pulling():
        kept = small.copy()
        small.update()
        assert_same(own(small), own(kept))


def test_copy_is_equal_and_shares_no_memory(
    small: MuData, pulling: Callable[[], AbstractContextManager[object]]
) -> None:
    with pulling():
        copy = own(small.copy())
    assert_same(copy, small)
    for name, adata in copy.mod.items():
        for one, other in zip(buffers(adata.X), buffers(small[name].X), strict=True):
            assert not np.shares_memory(one, other)


def test_slice_keeps_every_slot(small: MuData, pulling: Callable[[], AbstractContextManager[object]]) -> None:
    with pulling():
        part = own(small[:100].copy())
    assert part.shape == (100, small.n_vars)
    assert list(part.obs_names) == [f"spot_{i}" for i in range(100)]
    for piece, whole in [(part, small), *((part[name], small[name]) for name in small.mod)]:
        assert np.array_equal(piece.obsm["spatial"], whole.obsm["spatial"][:100])
        assert np.array_equal(piece.obsm["spatial_factors"], whole.obsm["spatial_factors"][:100])
        assert list(sps.get.domains(piece)) == list(sps.get.domains(whole)[:100])
    for name, adata in part.mod.items():
        assert np.array_equal(sps.get.mean(adata), sps.get.mean(small[name])[:100])


def test_spsim_works_on_a_view(small: MuData) -> None:
    view = small[:100]
    assert view.is_view
    again = sps.datasets.resample(view, rng=0)
    for name in small.mod:
        for one, other in zip(buffers(again[name].X), buffers(small[name].X[:100]), strict=True):
            assert np.array_equal(one, other)
    blind = sps.get.without_truth(view)
    assert blind.shape == view.shape
    with pytest.raises(ValueError, match="was subset, reordered or renamed"):
        sps.datasets.replay(view)


def test_update_after_filtering_a_modality(small: MuData) -> None:
    name, adata = next(iter(small.mod.items()))
    small.mod[name] = adata[:, 5:].copy()
    small.update()
    assert small.n_vars == sum(part.n_vars for part in small.mod.values())
    again = sps.datasets.resample(small, rng=0)
    assert_same(again[name], small[name])


def test_spsim_itself_is_silent(small: MuData) -> None:
    """Whatever mudata announces to its users, spsim's own use of it must not pass on."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = sps.datasets.resample(sps.datasets.replay(small), rng=1)
        blind = sps.get.without_truth(again)
        sps.tl.factors_to_obs(again)
        sps.tl.split(again)
        blind.obsm["X_guess"] = blind.obsm["spatial"]
        sps.tl.factor_recovery(blind, "X_guess", truth=again)
        sps.pl.factor_recovery(blind, "X_guess", truth=again)
        sps.pl.overview(again)
