"""What split methods share, and what is told of splits: shares, draws, times, units, subsets, drift."""
