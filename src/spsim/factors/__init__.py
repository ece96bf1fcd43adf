"""What varies beside the pattern, and how features respond: recipes of factors, loadings and effects."""

from __future__ import annotations

from spsim.factors._batch import Batch
from spsim.factors._cell_cycle import CellCycle
from spsim.factors._cell_types import CellTypes
from spsim.factors._content import Content
from spsim.factors._crossed import Crossed
from spsim.factors._depth import Depth
from spsim.factors._detection import Detection
from spsim.factors._ecotypes import Ecotypes
from spsim.factors._effect import Effect
from spsim.factors._factor_recipe import FactorRecipe
from spsim.factors._foreground import Foreground
from spsim.factors._graded import Graded
from spsim.factors._knock_down import KnockDown
from spsim.factors._library_size import LibrarySize as LibrarySize  # public as spsim.LibrarySize
from spsim.factors._loading_rule import LoadingRule
from spsim.factors._markers import Markers
from spsim.factors._normal import Normal
from spsim.factors._nuisance import Nuisance
from spsim.factors._panel import Panel
from spsim.factors._perturbations import Perturbations
from spsim.factors._platform import Platform
from spsim.factors._products import Products
from spsim.factors._signed import Signed
from spsim.factors._signed_graded import SignedGraded
from spsim.factors._sizes import Sizes as Sizes
from spsim.factors._spillover import Spillover
from spsim.factors._spin_programs import SpinPrograms

__all__ = [
    "Batch",
    "CellCycle",
    "CellTypes",
    "Content",
    "Crossed",
    "Depth",
    "Detection",
    "Ecotypes",
    "Effect",
    "FactorRecipe",
    "Foreground",
    "Graded",
    "KnockDown",
    "LoadingRule",
    "Markers",
    "Normal",
    "Nuisance",
    "Panel",
    "Perturbations",
    "Platform",
    "Products",
    "Signed",
    "SignedGraded",
    "Spillover",
    "SpinPrograms",
]
