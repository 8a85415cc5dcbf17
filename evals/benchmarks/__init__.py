"""Comparisons with other libraries and measurements of speed; each file is a command."""
