"""Measuring: cases with gold, metrics, benchmarks and long runs. Nothing here is needed to run the product but the demo."""
