"""Near-duplicate texts: shingles, MinHash, exact verification, clusters."""
