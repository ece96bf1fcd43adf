"""A hundred thousand spots of several slices fit into bounded memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import resource, spsim
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
spsim.datasets.slices(n_side=5)
before = peak()
mdata = spsim.datasets.slices(n_side=178, sparse={sparse})
assert mdata.n_obs > 100_000
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
@pytest.mark.parametrize(("sparse", "most"), [(False, 700), (True, 400)])
def test_100_000_spots(sparse, most) -> None:
    """Measured: 450 MB beside the libraries, of which two copies of the counts are 375; 218 MB as sparse matrices."""
    program = PROGRAM.replace("{sparse}", str(sparse))
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert float(run.stdout) < most
