"""Labelled sentences, articles and actors: text only, no tensors."""
