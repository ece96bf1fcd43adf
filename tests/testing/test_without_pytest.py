"""Only the fixtures need pytest: hashes and assertions serve users who have none."""

from __future__ import annotations

import subprocess
import sys

import pytest

BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pytest", "_pytest", "pluggy"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocked())
import spsim as sps
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", BLOCKED + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_fingerprint_needs_no_pytest() -> None:
    code = """
from spsim.testing import FINGERPRINTS, fingerprint
print(fingerprint(sps.datasets.quilt()) == FINGERPRINTS["spsim_quilt"], "pytest" in sys.modules)
"""
    assert run(code) == "True False"


def test_assertions_need_no_pytest() -> None:
    code = """
from spsim.testing import assert_agrees, assert_recovers
mdata = sps.datasets.quilt(n_side=12)
mdata.obsm["X_mine"], mdata.obs["mine"] = mdata.obsm["spatial_factors"], mdata.obs["domain"]
assert_recovers(mdata, "X_mine", at_least=0.9)
assert_agrees(mdata, "mine", at_least=0.9)
try:
    assert_recovers(mdata, "X_mine", at_least=1.1)
except AssertionError as error:
    print(str(error).splitlines()[0])
"""
    assert run(code) == "'X_mine' recovers too little of the truth (144 spots)"


def test_fixtures_say_that_they_need_pytest() -> None:
    code = """
from spsim import testing
import inspect
print(hasattr(testing, "spsim_quilt"), "fingerprint" in dict(inspect.getmembers(testing)))
try:
    testing.spsim_quilt
except AttributeError as error:
    print(error)
"""
    lines = run(code).splitlines()
    assert lines[0] == "False True"
    assert lines[1].startswith("spsim.testing.spsim_quilt is a fixture, which needs pytest: pip install pytest (")


def test_the_block_works() -> None:
    with pytest.raises(AssertionError, match="No module named 'pytest'"):
        run("import pytest")


def test_every_name_resolves_with_pytest() -> None:
    from spsim import testing

    assert {*testing.__all__} <= {*dir(testing)}
    assert all(hasattr(testing, name) for name in testing.__all__)
    with pytest.raises(AttributeError, match="module 'spsim.testing' has no attribute 'spsim_quilts'"):
        _ = testing.spsim_quilts
