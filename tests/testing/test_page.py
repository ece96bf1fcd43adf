"""The page for method authors: its files, pasted into an empty project, pass as they stand, and fail with a worse method."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import spsim as sps
from spsim import testing
from spsim.testing import assert_recovers

pytest_plugins = ["pytester", "spsim.testing"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
NAMES = ("conftest.py", "my_method.py", "test_ground_truth.py")
N_TESTS = 4


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def files():
    """Python blocks by the file name in their first line."""
    return {block.partition("\n")[0].removeprefix("# "): block for block in blocks("python")}


@pytest.fixture
def project(pytester):
    for name, text in files().items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    pytester.syspathinsert()
    return pytester


def test_every_block_of_python_is_a_file_of_the_project() -> None:
    assert tuple(files()) == NAMES
    assert len(blocks("python")) == len(NAMES)


def test_what_is_pasted_passes(project) -> None:
    project.runpytest_inprocess().assert_outcomes(passed=N_TESTS)


@pytest.mark.slow
def test_what_is_pasted_passes_in_an_interpreter_of_its_own(project, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(sps.__file__).parents[1]))
    project.runpytest_subprocess().assert_outcomes(passed=N_TESTS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("good", "worse", "failing"),
    [
        # The neighbours are forgotten.
        ('adata.obsm["spatial"], 5)', 'adata.obsm["spatial"], [1])', ["recovers_factors", "finds_what_one"]),
        # The picture is turned by 180 degrees, which the quilt looks the same after.
        ("fit_transform(smooth)", "fit_transform(smooth)[::-1]", ["finds_what_one"]),
    ],
)
def test_a_worse_method_fails(project, good, worse, failing) -> None:
    text = files()["my_method.py"]
    assert good in text
    (project.path / "my_method.py").write_text(text.replace(good, worse), encoding="utf-8")
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=N_TESTS - len(failing), failed=len(failing))
    result.stdout.fnmatch_lines([f"FAILED *::test_{name}*" for name in failing])
    result.stdout.fnmatch_lines(["E *AssertionError: 'rna:X_mine' recovers too little of the truth*"])


def test_the_failure_on_the_page_is_a_real_one(spsim_quilt_hard) -> None:
    namespace: dict = {}
    exec(files()["my_method.py"], namespace)
    namespace["my_method"](spsim_quilt_hard["rna"], n_factors=3, n_clusters=11)
    with pytest.raises(AssertionError) as caught:
        assert_recovers(spsim_quilt_hard, "rna:X_mine", at_least=0.7, above_chance=0.1)
    (shown,) = blocks("text")
    # Digits after the second depend on the solver's version.
    assert rounded(str(caught.value)) == rounded(shown)


def rounded(text):
    return re.sub(r"(\d\.\d)\d+", r"\1", text).split()


def test_the_workflow_is_one() -> None:
    (text,) = blocks("yaml")
    workflow = yaml.safe_load(text)
    steps = workflow["jobs"]["recovery"]["steps"]
    distribution = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    assert text.startswith("# .github/workflows/") and workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"push", "pull_request"}  # YAML 1.1 reads the key `on` as true
    assert [step.get("run") for step in steps[2:]] == [
        f"python -m pip install -e . pytest {distribution}",
        "python -m pytest",
    ]
    assert all("/" in step["uses"] and "@" in step["uses"] for step in steps[:2])


def test_the_page_names_all_there_is() -> None:
    missing = [
        name for name in testing.__all__ if not re.search(rf"(`|\.\. autofunction:: |\.\. data:: ){name}\b", PAGE)
    ]
    assert missing == []


def test_importing_spsim_loads_no_pytest() -> None:
    statement = "import sys, spsim; sys.exit('pytest' in sys.modules or 'spsim.testing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", statement], check=False).returncode == 0
