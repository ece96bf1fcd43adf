"""`python -m spsim`."""

from __future__ import annotations

from spsim._cli import main

if __name__ == "__main__":
    main()
