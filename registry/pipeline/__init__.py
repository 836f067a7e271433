"""How a version is made: rows in parts, cleaned, given their fates, written and described."""
