"""How close a given answer is to the accepted ones: exact match and F1 by the rules of SQuAD.

Source: Rajpurkar et al., 2018, "Know What You Don't Know: Unanswerable Questions for SQuAD", and its
script evaluate-v2.0.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

RIGHT_F1 = 0.5
"""From this F1 on an answer counts as right where a yes or no is needed: calibration, risk, failures."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise_answer(text: str) -> str:
    """Returns `text` in lower case, without ASCII punctuation, English articles and extra blanks.

    >>> normalise_answer("The  South-Caucasus.")
    'southcaucasus'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(given: str, accepted: Sequence[str]) -> float:
    """Returns 1.0 if `given` equals one of the `accepted` answers, both normalised, else 0.0.

    Args:
        given: the short answer, "" for a refusal.
        accepted: empty if the question has no answer; then only a refusal is right.
    """
    return max(float(normalise_answer(given) == normalise_answer(answer)) for answer in _accepted(accepted))


def token_f1(given: str, accepted: Sequence[str]) -> float:
    """Returns the harmonic mean of word precision and recall, best over the `accepted` answers; 0 to 1.

    Where either side has no word left after normalising, it is 1.0 if both have none, else 0.0.

    >>> token_f1("foreign minister Ararat Mirzoyan", ["Ararat Mirzoyan"])
    0.6666666666666666
    """
    return max(_f1(normalise_answer(given).split(), normalise_answer(answer).split()) for answer in _accepted(accepted))


def _accepted(accepted: Sequence[str]) -> Sequence[str]:
    """Returns the accepted answers with a word in them, [""] if there are none, as the SQuAD script does."""
    return [answer for answer in accepted if normalise_answer(answer)] or [""]


def _f1(given: list[str], expected: list[str]) -> float:
    if not given or not expected:
        return float(given == expected)
    n_common = sum((Counter(given) & Counter(expected)).values())
    if n_common == 0:
        return 0.0
    precision = n_common / len(given)
    recall = n_common / len(expected)
    return 2 * precision * recall / (precision + recall)
