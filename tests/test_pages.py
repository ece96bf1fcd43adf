"""Pages of the documentation whose code runs, and which say all of what they are about."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from spsim.scenarios._named import WORLDS

ROOT = Path(__file__).parents[1]


def test_the_page_on_worlds_has_all_of_them() -> None:
    page = (ROOT / "docs" / "worlds.md").read_text(encoding="utf-8")
    for world in WORLDS:
        assert f"\n## {world}\n" in page and f"\n| [`{world}`](" in page and f"(generated/worlds/{world}.png)" in page
    assert len(re.findall(r"^\| \[", page, re.MULTILINE)) == len(WORLDS)


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/extending.md",
        *(pytest.param(f"docs/{name}.md", marks=pytest.mark.slow) for name in ("scores", "worlds")),
    ],
)
def test_code_on_a_page_runs(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
