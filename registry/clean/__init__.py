"""Cleaning ops, one a file. The contract is `registry.op`."""
