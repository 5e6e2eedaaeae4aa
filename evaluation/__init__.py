"""Metrics, reports and plots: arrays in, numbers out."""
