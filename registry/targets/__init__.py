"""Kinds of what models must predict, one a file. The contract is `registry.target`."""
