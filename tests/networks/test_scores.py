"""The fitted logistics: a formula, held within bounds, over the coefficients of one file."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.networks.onnx_model import MODELS
from assistant.networks.scores import coefficients, fitted_probability, logistic, logit


def test_coefficients_are_those_of_the_file() -> None:
    scores = json.loads((MODELS / "scores.json").read_text(encoding="utf-8"))
    assert {name: coefficients(name) for name in scores} == scores
    with pytest.raises(KeyError):
        coefficients("nothing")


def test_a_probability_is_the_logistic_of_the_weighted_sum() -> None:
    weights = coefficients("read")
    x = weights["intercept"] + weights["prior"] * 0.3 + weights["support"] * -1.2
    assert fitted_probability("read", ("prior", "support"), [0.3, -1.2]) == pytest.approx(1 / (1 + math.exp(-x)))
    with pytest.raises(ValueError):
        fitted_probability("read", ("prior", "support"), [0.3])


@pytest.mark.parametrize(
    ("p", "x"), [(0.5, 0.0), (0.0, math.log(1e-4 / 0.9999)), (1.0, -math.log(1e-4 / 0.9999)), (0.9, math.log(9))]
)
def test_log_odds(p: float, x: float) -> None:
    assert logit(p) == pytest.approx(x)


@given(st.floats(-1e9, 1e9))
def test_a_logistic_is_a_probability_and_symmetric(x: float) -> None:
    assert 0 < logistic(x) < 1
    assert logistic(x) + logistic(-x) == pytest.approx(1)


@given(st.floats(-29, 29), st.floats(0.01, 1))
def test_a_logistic_rises(x: float, more: float) -> None:
    assert logistic(x) < logistic(x + more)
