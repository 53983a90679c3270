"""Benchmarks: `make bench`. Figures of one run on one machine; ratios travel better."""
