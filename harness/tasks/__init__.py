"""Tasks, one a file. The contract is `harness.task`."""
