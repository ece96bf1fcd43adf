"""Counts of few distinct means: a table for each, with the count of every lane."""

from __future__ import annotations

from spsim.sampling.tables._distinct_means import table_draw
from spsim.sampling.tables._draw_counts import TableDraw

__all__ = ["TableDraw", "table_draw"]
