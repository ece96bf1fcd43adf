"""Sphinx configuration; builds without a network (links into other projects' pages appear on Read the Docs)."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import metadata
from pathlib import Path

HERE = Path(__file__).parent
ONLINE = os.environ.get("READTHEDOCS") == "True" or os.environ.get("SPSIM_DOCS_ONLINE") == "1"

# Notebooks live in the top-level folder; Sphinx reads only below this one.
shutil.copytree(
    HERE.parent / "tutorials",
    HERE / "tutorials",
    dirs_exist_ok=True,
    ignore=lambda _, names: [name for name in names if "." in name and not name.endswith(".ipynb")],
)

project = "spsim"
author = "spsim contributors"
copyright = f"2026, {author}"
release = version = metadata("spsim-omics")["Version"]

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx_autodoc_typehints",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}
default_role = "literal"

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = False
napoleon_use_rtype = True
typehints_defaults = "braces"
always_document_param_types = False

bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are stored with their outputs and executed by .ci/run
nb_merge_streams = True
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# Every reference to one of our own names must resolve; names of other projects can only do so with a network.
nitpicky = True
nitpick_ignore_regex = [
    (
        r"py:.*",
        r"(numpy|np|pandas|pd|scipy|anndata|mudata|matplotlib|pydantic|collections|typing|pathlib|os|enum|abc)(\..+)?",
    ),
    (r"py:.*", r"(int|float|str|bool|bytes|dict|list|tuple|set|object|type|None|optional|default.*)"),
]
intersphinx_mapping = (
    {
        "anndata": ("https://anndata.readthedocs.io/en/stable/", None),
        "matplotlib": ("https://matplotlib.org/stable/", None),
        "mudata": ("https://mudata.readthedocs.io/stable/", None),
        "numpy": ("https://numpy.org/doc/stable/", None),
        "pandas": ("https://pandas.pydata.org/pandas-docs/stable/", None),
        "python": ("https://docs.python.org/3", None),
        "scipy": ("https://docs.scipy.org/doc/scipy/", None),
    }
    if ONLINE
    else {}
)

html_theme = "sphinx_book_theme"
html_title = "spsim"
html_static_path = ["_static"]
html_theme_options = {"show_toc_level": 2}
