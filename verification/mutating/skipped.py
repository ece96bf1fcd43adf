"""What is not mutated, because no number, slot or error that a user meets depends on it."""

from __future__ import annotations

# Constants that choose speed or memory only: file name and name → reason. Both values give the same numbers.
_PIECES = "size of the pieces that work is cut into; the pieces are joined again"
_EITHER_WAY = "which of two ways is taken; both give the same integers"
PERFORMANCE = {
    ("_neighbors.py", "CHUNK"): _PIECES,
    ("_own_label.py", "BLOCK"): _PIECES,
    ("_reconstruction.py", "BLOCK"): _PIECES,
    ("_seal.py", "CHUNK"): _PIECES,
    ("_compressed_rows.py", "_MOVED_AT_ONCE"): _PIECES,
    ("_compressed_rows.py", "_FEW_GAPS"): _EITHER_WAY,
    ("_tile_by_tile.py", "_SETTLED_AT_ONCE"): _PIECES,
    ("_draw_counts.py", "_FEW_ENTRIES"): _EITHER_WAY,
    ("_draw_counts.py", "_STEPS"): _PIECES,
    ("_draw_counts.py", "_LEAST_STEP"): _PIECES,
    ("_draw_counts.py", "_LARGEST_STEP"): _PIECES,
    ("_draw_counts.py", "_KEPT_NUMBERS"): _EITHER_WAY,
    ("_lane_tables.py", "MOST_TABLES"): _EITHER_WAY,
    ("_lane_tables.py", "_MOST_THRESHOLDS"): _EITHER_WAY,
    ("_masks.py", "_SCATTERED_COST"): _EITHER_WAY,
    ("_surface.py", "_BUILT_AT_ONCE"): _PIECES,
    ("_observe.py", "MOST_CLASSES"): _EITHER_WAY,
    ("_distinct.py", "_LISTED_BITS"): _EITHER_WAY,
}
# Rooms whose numbers are inches, shades and positions of ink; everything else in them is mutated.
DRAWN = ("pl/",)
# Functions whose result is text for a reader.
PRINTED = ("__repr__", "__str__", "__dir__")
# Names whose value is the text of an error or warning.
MESSAGES = ("msg", "message")
# Keywords that say how something is read or shown, or guard against lengths that differ where ours never do.
KEYWORDS = ("stacklevel", "encoding", "indent", "strict")
