"""Metrics, one a file. The contract is `harness.metric`."""
