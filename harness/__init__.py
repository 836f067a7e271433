"""Splits and models in, run records and leaderboards out."""
