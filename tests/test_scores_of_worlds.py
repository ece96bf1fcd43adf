"""Scores of slices and of spots that hold cells: views, what is no option, objects without truth."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

import spsim as sps
from hostile_values import EXTREME, FOREIGN, TAKEN, own_error
from scores_of_worlds import OF_WORLDS, calls, world_of

OPTIONS = [
    (name, option)
    for name in sorted(OF_WORLDS)
    for option in TAKEN
    if option in inspect.signature(getattr(sps.tl, name)).parameters
]


@pytest.mark.parametrize("name", sorted(OF_WORLDS))
def test_a_view_scores_as_its_copy(name) -> None:
    mdata, score = world_of(name), getattr(sps.tl, name)
    view = mdata[mdata.obs_names[::-1]]
    assert view.is_view
    pd.testing.assert_frame_equal(
        score(view, **calls()[name], copy=True), score(view.copy(), **calls()[name], copy=True)
    )


@pytest.mark.parametrize("name", sorted(OF_WORLDS))
def test_an_object_without_truth_is_refused(name) -> None:
    blind = sps.get.without_truth(world_of(name))
    text = own_error(lambda: getattr(sps.tl, name)(blind, **calls()[name]))
    assert text is not None and ("was not simulated by spsim" in text or "truth" in text)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_what_is_no_option_is_refused(name, option) -> None:
    mdata, score = world_of(name), getattr(sps.tl, name)
    known = inspect.signature(score).parameters
    few = {"n_chance": 0 if option == "rng" else 2} if "n_chance" in known else {}
    # More neighbours than a domain has are as many as it has.
    taken = TAKEN[option] | ({"2**31"} if option == "n_neighbors" else set())
    for label, value in {**FOREIGN, **EXTREME}.items():
        if option == "n_chance" and label == "2**31":
            continue  # that many draws are what is asked for
        call = few | calls()[name] | {option: value}
        text = own_error(lambda call=call: score(mdata, **call))
        assert (text is None) == (label in taken), (label, text)
        assert text is None or f"{option} must" in text, text
