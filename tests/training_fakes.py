"""A passage and a question on it, for tests of how the models are made."""

from __future__ import annotations

from training.data import Example

CONTEXT = (
    "The bridge over the Arax was opened in 1975 by Anna Petrova. It is the longest bridge in the province. "
    "Engineers from Tabriz built it for 40 million rials. In May 1990 a flood closed the old road to Julfa."
)
WHEN = Example(
    "q1", "squad", "bridge", CONTEXT, "When was the bridge over the Arax opened?",
    answers=((CONTEXT.index("1975"), "1975"),), mismatch=(),
)  # fmt: skip
