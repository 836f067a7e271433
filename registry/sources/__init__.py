"""Where bytes come from, one kind a file. The contract is `registry.source`."""
