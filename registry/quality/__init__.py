"""How good a version is to fine-tune on: labels, diversity, size and accessibility, each measured."""
