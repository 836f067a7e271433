"""What can be asked without running anything: check, list, show, why. Library calls; `harness/cli` prints them."""
