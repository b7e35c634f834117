"""Prints how well questions on several articles are answered: on the half set aside, or the half that developers look at.

    python -m benchmarks.about_many [--half seen] [--errors]

Each half has six articles of its own in one library, and twenty questions: what they say about a matter, which ones mention it, how two
compare. A label tells which sentences are on the matter, by article. Of an article that a question is about, it is right to say that
there is nothing where no sentence is labelled, and to cite a labelled one where there is. The half set aside was written before any
code, by who wrote the code; nothing is tuned on it, and its errors are not printed. Intervals are of 95 %.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.settings import Settings
from benchmarks import print_machine
from benchmarks.speaker_quality import interval

HALVES = ("seen", "set_aside")
FORMS = ("each_article", "which_articles", "compared")


def main() -> None:
    """Asks the questions of one half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="set_aside")
    parser.add_argument("--errors", action="store_true", help="print each wrong case of the half that is looked at")
    arguments = parser.parse_args()
    if arguments.errors and arguments.half != "seen":
        parser.error("--errors needs --half seen: the other half is not looked at")
    print_machine()
    rows = json.loads(Path(__file__).with_name(f"{arguments.half}.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
        ids = {name: _add(assistant, article) for name, article in rows["articles"].items()}
        verdicts = [_judged(assistant, case, ids, arguments.errors) for case in rows["cases"]]
    print(f"{arguments.half}: {len(verdicts)} questions")
    for name in (
        "understood",
        "right articles",
        "side right",
        "mentions found",
        "articles told rightly",
        "sentences right",
    ):
        values = [value for verdict in verdicts for value in verdict[name]]
        middle, low, high = interval(sum(values), len(values))
        print(f"  {name:22} {middle:6.1%} [{low:.1%}, {high:.1%}] of {len(values)}")


def _add(assistant: Assistant, article: dict[str, Any]) -> str:
    text = " ".join(article["sentences"])
    return assistant.add(text, article["title"], article["source"], author=article["author"]).id


def _judged(assistant: Assistant, case: dict[str, Any], ids: dict[str, str], errors: bool) -> dict[str, list[bool]]:
    """Returns what is right of one answer, by measure; a measure has as many values as there is to judge."""
    chosen = [ids[name] for name in case["chosen"]] if "chosen" in case else None
    answer = assistant.ask(case["question"], article=chosen)
    names = {article_id: name for name, article_id in ids.items()}
    cited: dict[str, set[int]] = {}
    for citation in answer.citations:
        cited.setdefault(names[citation.article_id], set()).add(citation.sentence.position)
    expected = {name: set(places) for name, places in case["expected"].items()}
    asked = case.get("sides") or case.get("chosen") or list(ids)
    sides = [bool(cited.get(name, set()) & expected[name]) if name in expected else name not in cited for name in asked]
    verdict = {
        "understood": [answer.decided_by in FORMS and _has_sides(answer, case, ids)],
        "right articles": [set(cited) == set(expected) and all(sides)],
        "side right": sides if "sides" in case else [],
        "mentions found": [bool(cited.get(name, set()) & places) for name, places in expected.items()],
        "articles told rightly": [bool(places & expected.get(name, set())) for name, places in cited.items()],
        "sentences right": [place in expected.get(name, set()) for name, places in cited.items() for place in places],
    }
    if errors and not all(value for values in verdict.values() for value in values):
        print(f"{case['question']}  ({answer.decided_by}, {answer.confidence:.2f})")
        print(f"    cited { ({n: sorted(p) for n, p in cited.items()}) }, expected {case['expected']}")
    return verdict


def _has_sides(answer: Answer, case: dict[str, Any], ids: dict[str, str]) -> bool:
    """Returns whether a comparison is of the two articles meant; of the others, and of a refusal, there is nothing to see."""
    if "sides" not in case or answer.abstained:
        return True
    return [side.article_ids for side in answer.sides] == [(ids[name],) for name in case["sides"]]


if __name__ == "__main__":
    main()
