"""Where a parameter of an encoder stands: how many of its layers are above it."""

from torch import nn
from transformers import PreTrainedModel


def layers_above(encoder: PreTrainedModel) -> dict[str, int]:
    """Return for each named parameter how many layers are above it: none in the last one, all in the embeddings.

    What stands in no layer and is no embedding, a last norm for example, has none above it. An encoder
    without a list of layers has none above anything.
    """
    stacks = [(name, len(module)) for name, module in encoder.named_modules() if isinstance(module, nn.ModuleList)]
    stack, layers = stacks[0] if stacks else ("", 0)
    return {name: _above(name, stack, layers) for name, _ in encoder.named_parameters()}


def _above(name: str, stack: str, layers: int) -> int:
    if stack and name.startswith(f"{stack}."):
        return layers - 1 - int(name.removeprefix(f"{stack}.").split(".")[0])
    return layers if "embed" in name else 0
