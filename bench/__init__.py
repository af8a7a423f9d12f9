"""Ratios against a floor, measured in one interleaved run. Nothing here is a test: see docs/decisions/0025-*.md for how to read it."""
