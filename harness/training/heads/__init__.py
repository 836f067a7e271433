"""What stands on an encoder for each kind of answer, one kind a file. The contract is `harness.training.head`."""
