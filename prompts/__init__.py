"""Prompts, one file per call: front matter, then the parts. Examples lie beside them, as cases that tests check."""
