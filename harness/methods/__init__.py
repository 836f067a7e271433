"""What several model families learn by, without torch."""
