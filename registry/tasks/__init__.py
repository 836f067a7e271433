"""What a card of each task must offer, one a file. The contract is `registry.task`."""
