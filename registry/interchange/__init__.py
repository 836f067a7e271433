"""Versions in other people's formats, and other people's descriptions as starting cards."""
