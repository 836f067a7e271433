"""Votes, agreement, aggregation and gates."""
