"""What metrics and families count in texts, tags and sounds."""
