"""Cards in, versioned leak-free splits out. Knows nothing of models."""
