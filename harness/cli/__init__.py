"""`bench`: one file per verb, each a thin command over a library call."""
