"""The plugin in a project of its own: what a user's tests get, one after the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import spsim as sps
from spsim.testing import FINGERPRINTS, fingerprint
from spsim.testing._recipes import fresh

pytest_plugins = ["pytester", "spsim.testing"]

CONFTEST = 'pytest_plugins = ["spsim.testing"]\n'


def arrays(mdata):
    """Every array that a test could change in place."""
    for part in (mdata, *mdata.mod.values()):
        slots = (part.obsm, part.varm, getattr(part, "layers", None) or {})
        yield from (slot[key] for slot in slots for key in slot if slot[key].dtype != bool)
    yield from (part.X for part in mdata.mod.values())


@pytest.mark.parametrize("name", list(FINGERPRINTS))
def test_whatever_a_test_does_the_next_gets_it_fresh(name) -> None:
    mdata, pristine = fresh(name), fresh(name)
    for array in arrays(mdata):
        array[:] = 7
    for part in (mdata, *mdata.mod.values()):
        part.obs["domain"] = "mine"
        part.uns["spsim"]["params"] = "mine"
        part.uns["spsim"]["activity"].iloc[:] = True
        part.var.index = [f"mine_{name}" for name in part.var_names]
    del mdata.mod["rna"]
    again = fresh(name)
    assert fingerprint(again) == FINGERPRINTS[name]
    for part, expected in ((again, pristine), (again["rna"], pristine["rna"])):
        assert part.uns["spsim"]["params"] == expected.uns["spsim"]["params"]
        assert part.uns["spsim"]["activity"].equals(expected.uns["spsim"]["activity"])
        assert part.obs.equals(expected.obs) and part.var.equals(expected.var)
    assert all(np.array_equal(one, other) for one, other in zip(arrays(again), arrays(pristine), strict=True))


@pytest.mark.parametrize("name", list(FINGERPRINTS))
def test_twins_are_the_same_data_without_the_truth(name, request) -> None:
    mdata, blind = request.getfixturevalue(name), request.getfixturevalue(f"{name}_blind")
    assert fingerprint(mdata) == FINGERPRINTS[name]
    assert "spsim" not in blind.uns and list(blind.obs) == ["x", "y"]
    assert set(blind.obsm) == {"spatial", *blind.mod}
    for modality, part in blind.mod.items():
        assert np.array_equal(part.X, mdata[modality].X) and not np.shares_memory(part.X, mdata[modality].X)
        assert "domain" not in part.obs and not len(part.varm)
    with pytest.raises(KeyError, match="its truth was taken out"):
        sps.get.factors(blind)


def test_fixtures_are_the_data_sets_they_are_called_after(spsim_quilt, spsim_multiomics) -> None:
    assert fingerprint(spsim_quilt) == fingerprint(sps.datasets.quilt())
    assert fingerprint(spsim_multiomics) == fingerprint(sps.datasets.multiomics())


def test_hard_is_weak_and_sparse(spsim_quilt, spsim_quilt_hard) -> None:
    easy, hard = spsim_quilt["rna"].X, spsim_quilt_hard["rna"].X
    assert hard.mean() < 0.05 * easy.mean()
    assert (hard == 0).mean() > 0.7


def test_null_has_a_truth_that_no_feature_shows(spsim_null) -> None:
    counts, factors = spsim_null["rna"].X, sps.get.factors(spsim_null).to_numpy()
    assert factors.std(axis=0).min() > 0.1
    assert not sps.get.activity(spsim_null).to_numpy().any()
    # Correlation of each factor with the sum of 500 independent features: normal, standard deviation 1/36. Bound at
    # 5 of them for 4 factors: false alarm in about 2 of a million seeds, and the seed is fixed.
    correlations = [np.corrcoef(counts.sum(axis=1), factor)[0, 1] for factor in factors.T]
    assert np.abs(correlations).max() < 5 / 36
    shown = sps.datasets.quilt(expression_mean=0.5)["rna"].X.sum(axis=1)
    assert max(np.corrcoef(shown, factor)[0, 1] for factor in factors.T) > 5 / 36


def test_a_users_tests_do_not_see_each_other(pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("run", [1, 2])
        def test_it_changes_what_it_gets(spsim_quilt, spsim_quilt_blind, run):
            assert "X_mine" not in spsim_quilt.obsm and spsim_quilt["rna"].X.sum() > 0
            assert "X_mine" not in spsim_quilt_blind.obsm and spsim_quilt_blind["rna"].X.sum() > 0
            for mdata in (spsim_quilt, spsim_quilt_blind):
                mdata.obsm["X_mine"] = mdata.obsm["spatial"]
                mdata["rna"].X[:] = 0
        """
    )
    pytester.runpytest_inprocess("-W", "error::UserWarning").assert_outcomes(passed=2)


def test_without_the_plugin_there_is_no_fixture(pytester) -> None:
    pytester.makepyfile("def test_it(spsim_quilt): pass")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'spsim_quilt' not found*"])


def test_pytest_lists_the_fixtures_with_what_they_are(pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("def test_it(): pass")
    output = pytester.runpytest_inprocess("--fixtures").stdout.str()
    for name in FINGERPRINTS:
        assert f"{name} --" in output and f"{name}_blind --" in output
    ours = output.partition("spsim_multiomics --")[2].partition("fixtures defined from")[0]
    assert "weak and sparse" in ours and "no docstring available" not in ours


def test_importing_from_it_before_the_plugin_loads_gives_no_warning(pytester) -> None:
    pytester.makeconftest("from spsim.testing import assert_recovers\n" + CONFTEST)
    pytester.makepyfile("def test_it(spsim_null): pass")
    result = pytester.runpytest_inprocess("-W", "error::pytest.PytestAssertRewriteWarning")
    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_in_an_interpreter_of_its_own(pytester, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(sps.__file__).parents[1]))
    pytester.makeconftest("from spsim.testing import assert_recovers\n" + CONFTEST)
    pytester.makepyfile("def test_it(spsim_quilt_hard, spsim_null_blind): pass")
    result = pytester.runpytest_subprocess("-W", "error::pytest.PytestAssertRewriteWarning")
    result.assert_outcomes(passed=1)
