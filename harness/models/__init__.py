"""Model families, one a file. The contract is `harness.model`."""
