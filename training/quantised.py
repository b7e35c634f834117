"""Training that knows of int8: linear layers that round weights and inputs as the exported model will.

The rounding is passed over in the gradient (straight-through estimator). Source: Jacob et al. 2018, "Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", section 3; activations by their range at
run time as ONNX Runtime's `DynamicQuantizeLinear` takes it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

WEIGHT_STEPS = 64  # on each side of zero: 7 bits, as `quantize_dynamic(reduce_range=True)` leaves
INPUT_STEPS = 255


class RoundedLinear(nn.Linear):
    """A linear layer that computes as its int8 form does while `rounding` is on; else as ever."""

    rounding = False

    def forward(self, input: Tensor) -> Tensor:
        """Returns (..., out) for (..., in); the first dimension of the input counts windows, each with its own range."""
        if not self.rounding:
            return super().forward(input)
        return nn.functional.linear(_rounded_input(input), _rounded_weight(self.weight), self.bias)


def use_rounded_layers(module: nn.Module) -> None:
    """Turns every linear layer inside into a `RoundedLinear`, its parameters untouched, rounding off."""
    for part in module.modules():
        if type(part) is nn.Linear:
            part.__class__ = RoundedLinear


def set_rounding(module: nn.Module, on: bool) -> None:
    """Switches the rounding of all layers inside."""
    for part in module.modules():
        if isinstance(part, RoundedLinear):
            part.rounding = on


class _Round(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, values: Tensor, step: Tensor) -> Tensor:
        return torch.div(values, step).round_().mul_(step)

    @staticmethod
    def backward(_: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0], None


def _rounded_weight(weight: Tensor) -> Tensor:
    step = weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-8) / WEIGHT_STEPS
    return _Round.apply(weight, step)  # type: ignore[no-any-return, no-untyped-call]


def _rounded_input(values: Tensor) -> Tensor:
    low, high = torch.aminmax(values.detach().flatten(1), dim=1)
    step = (high.clamp(min=0) - low.clamp(max=0)).clamp(min=1e-8) / INPUT_STEPS
    return _Round.apply(values, step.view(-1, *[1] * (values.dim() - 1)))  # type: ignore[no-any-return, no-untyped-call]
