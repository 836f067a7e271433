"""Ways to make one answer of several votes, one a file."""
