"""What generative models need, local or behind a server: prompts, worked examples, answers read out of text."""
