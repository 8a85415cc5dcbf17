"""Measuring: cases with gold, metrics, benchmarks, long runs. The product itself needs only the demo's account."""
