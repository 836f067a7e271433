"""Intervals and paired comparisons, in numpy."""
