"""Encoder, heads, model folder and predictor: tensors."""
