"""What varies beside the pattern, and how features respond: recipes of factors, loadings and effects."""

from __future__ import annotations

from spsim.factors._batch import Batch
from spsim.factors._cell_types import CellTypes
from spsim.factors._detection import Detection
from spsim.factors._effect import Effect
from spsim.factors._factor_recipe import FactorRecipe
from spsim.factors._library_size import LibrarySize as LibrarySize  # public as spsim.LibrarySize
from spsim.factors._loading_rule import LoadingRule
from spsim.factors._markers import Markers

__all__ = ["Batch", "CellTypes", "Detection", "Effect", "FactorRecipe", "LoadingRule", "Markers"]
