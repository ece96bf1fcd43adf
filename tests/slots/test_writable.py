"""A mudata that cannot write what anndata makes is refused with both versions, before anything is written."""

from __future__ import annotations

import importlib.metadata

import pytest
from click.testing import CliRunner

from spsim._cli import main
from spsim.slots import check_writable

real = importlib.metadata.version


@pytest.mark.parametrize(
    ("anndata", "mudata", "works"),
    [
        ("0.13.4", "0.3.8", False),
        ("0.13.0", "0.3.2", False),
        ("0.14.0", "0.3.8", False),
        ("0.13.4", "0.3.9", True),
        ("0.13.4", "0.3.10", True),
        ("0.13.4", "0.4.1", True),
        ("0.12.19", "0.3.8", True),
        ("0.11.0", "0.3.3", True),
    ],
)
def test_versions_that_do_not_go_together(tmp_path, monkeypatch, anndata, mudata, works) -> None:
    """Measured: 0.3.2, 0.3.7 and 0.3.8 fail with anndata 0.13.4; 0.3.9, 0.3.10 and 0.4.0 write."""
    found = {"anndata": anndata, "mudata": mudata}
    monkeypatch.setattr(importlib.metadata, "version", lambda name: found.get(name) or real(name))
    result = CliRunner().invoke(main, ["simulate", "quilt", "--n-side", "6", "-o", str(tmp_path / "q.h5mu")])
    if works:
        check_writable()
        assert result.exit_code == 0, result.output
    else:
        with pytest.raises(RuntimeError, match=f"mudata {mudata} cannot write objects of anndata {anndata}: install"):
            check_writable()
        assert result.exit_code == 1 and f"mudata {mudata} cannot write objects of anndata {anndata}" in result.output
        assert len(result.output.strip().splitlines()) == 1 and not list(tmp_path.iterdir())
