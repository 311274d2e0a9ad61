"""Metrics, baselines and the tables."""
