"""Benchmarks: speed, size and memory, beside other engines."""
