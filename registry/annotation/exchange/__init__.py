"""Annotation tools: tasks and configurations written for each, one a file."""
