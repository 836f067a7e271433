"""Measures of how far annotators agree, one a file."""
