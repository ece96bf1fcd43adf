"""Counts of entries that each have a mean of their own: read off a surface over the mean and the uniform."""

from __future__ import annotations

from spsim.sampling.surface._draw_counts import SurfaceDraw

__all__ = ["SurfaceDraw"]
