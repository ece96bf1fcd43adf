"""What the fuzz draws, how it runs it, and what it counts as a failure."""
