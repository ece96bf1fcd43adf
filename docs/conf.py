"""Sphinx configuration; builds without a network (links into other projects' pages appear on Read the Docs)."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from importlib import import_module
from importlib.metadata import metadata
from pathlib import Path

from sphinx.ext.napoleon import NumpyDocstring

HERE = Path(__file__).parent
ONLINE = os.environ.get("READTHEDOCS") == "True" or os.environ.get("SPSIM_DOCS_ONLINE") == "1"

# Announcements of Sphinx to the authors of the extension, one per signature.
warnings.filterwarnings("ignore", module="sphinx_autodoc_typehints")

# Notebooks live in the top-level folder; Sphinx reads only below this one.
shutil.copytree(
    HERE.parent / "tutorials",
    HERE / "tutorials",
    dirs_exist_ok=True,
    ignore=lambda _, names: [name for name in names if "." in name and not name.endswith(".ipynb")],
)

# The catalogue's pages and the worlds' pictures are made by the code, so that they cannot differ from it.
sys.path.insert(0, str(HERE))
import_module("catalogue_pages").write_pages(HERE / "generated" / "catalogue")
import_module("world_pictures").write_pictures(HERE / "generated" / "worlds")


def prose_returns(self: NumpyDocstring, section: str) -> list[str]:
    """Take a Returns section as it is written, without the colon that sphinx_autodoc_typehints puts before it."""
    lines = self._strip_empty(self._dedent(self._consume_to_next_section()))
    return [*self._format_block(":returns: ", lines[1:] if lines[0] == ":" else lines), ""]


# Types stand in the signature only, so napoleon must not look for them in the text before a comma or a colon.
NumpyDocstring._parse_returns_section = prose_returns
NumpyDocstring._parse_attribute_docstring = lambda self: self._consume_to_end()

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
    (
        r"py:class",
        r"spsim\._random\.Stream|spsim\.likelihoods\._base\.Background|spsim\.scenarios\._fields\.ModalityFields",
    ),
    (r"py:.*", r"(int|float|str|bool|bytes|dict|list|tuple|set|object|type|None|Ellipsis|optional|default.*)"),
]
# A References section may list a source that no sentence points at.
# Fields that a dataclass inherits are named in its own module, which need not import what their types are made of.
suppress_warnings = ["ref.footnote", "sphinx_autodoc_typehints.forward_reference"]
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
