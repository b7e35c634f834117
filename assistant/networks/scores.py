"""The fitted logistics of `assistant/models/scores.json`: features -> probability. Made by `training/fit_….py`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache

from assistant.networks.onnx_model import MODELS


@cache
def coefficients(name: str) -> dict[str, float]:
    """Returns one entry of the file: intercept and coefficients by feature, or the thresholds."""
    fitted: dict[str, float] = json.loads((MODELS / "scores.json").read_text(encoding="utf-8"))[name]
    return fitted


def fitted_probability(name: str, features: Sequence[str], values: Sequence[float]) -> float:
    """Returns the probability that one fitted logistic gives the values of its features."""
    fitted = coefficients(name)
    return logistic(fitted["intercept"] + sum([fitted[f] * value for f, value in zip(features, values, strict=True)]))


def logit(p: float) -> float:
    """Returns the log odds of a probability, kept within ±9.2."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def logistic(x: float) -> float:
    """Returns the probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
