"""Ratios against a floor, measured in one interleaved run. Nothing here is a test; limits stand in targets.py."""
