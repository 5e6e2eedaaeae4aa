"""`python -m train` and `torchrun -m train`: the same commands as `train`."""

from train.cli import app

if __name__ == "__main__":  # not in a process that this one starts
    app()
