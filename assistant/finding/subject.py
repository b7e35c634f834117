"""What somebody is asked to have spoken of, in whatever words -> which of their statements are on it.

"What did Carbajal say about earlier agreements?" is answered by "We have signed documents before": the speaker is
known, and the likeness of meaning between the matter and the statements tells the rest. The reader, which looks for the
words, refuses nearly all such questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.english.names import names
from assistant.english.words import words
from assistant.finding.search import Candidate
from assistant.library.store import Store
from assistant.networks.embeddings import Embedder
from assistant.networks.scores import fitted_probability
from assistant.question.intent import Intent, matter_of

MATTER_FEATURES = ("statement", "elsewhere")
N_STATEMENTS = 2  # are given, the likest first


def with_matter(
    candidates: Sequence[Candidate], question: str, intent: Intent, store: Store, embedder: Embedder
) -> list[Candidate]:
    """Returns the candidates with their likeness to the matter asked about, as they are where no matter is.

    Args:
        candidates: what search found; those of the speaker are marked `spoken`.
        question: a question that stands alone.
        intent: its kind and speakers.
        store: holds the sentences' vectors.
        embedder: the model that made them.
    """
    matter = matter_of(question, intent)
    if not matter or not any(c.spoken for c in candidates):
        return list(candidates)
    vector = embedder.embed([matter])[0]
    likeness = {i: float(other @ vector) for i, other in store.vectors([c.stored.id for c in candidates]).items()}
    # A name is no matter of likeness: who speaks of Norway does not speak of Sweden.
    named = [set(words(name)) for name in names(f"on {matter}")]
    return [
        replace(c, likeness=likeness.get(c.stored.id) if _names(c, named) or not c.spoken else None) for c in candidates
    ]


def _names(candidate: Candidate, named: Sequence[set[str]]) -> bool:
    said = set(words(candidate.stored.sentence.text))
    return all(name & said for name in named)


def on_matter(candidates: Sequence[Candidate]) -> tuple[list[Candidate], float]:
    """Returns the speaker's statements that are most like the matter, best first, and the probability that one is on it."""
    found = sorted((c for c in candidates if c.spoken and c.likeness is not None), key=lambda c: -(c.likeness or 0.0))
    if not found:
        return [], 0.0
    return found[:N_STATEMENTS], fitted_probability("matter", MATTER_FEATURES, matter_features(candidates))


def matter_features(candidates: Sequence[Candidate]) -> list[float]:
    """Returns MATTER_FEATURES: likeness to the matter of the speaker's likest statement, and of any other sentence.

    Where the article has it elsewhere, in the words of the question, it was probably not this one who spoke of it.
    """
    spoken = [c.likeness for c in candidates if c.spoken and c.likeness is not None]
    others = [c.likeness for c in candidates if not c.spoken and c.likeness is not None]
    return [max(spoken, default=0.0), max(others, default=0.0)]
