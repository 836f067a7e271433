"""From data to a card: look at a source, guess what its columns are, and say for each guess what it rests on."""
