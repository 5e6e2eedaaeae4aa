"""`python -m train` and `torchrun -m train`: the same commands as `train`."""

from train.cli import app

app()
