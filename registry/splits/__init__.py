"""Ways to split, one a file. The contract is `registry.split`."""
