"""Measures Article Assistant beside what else a user could install: one table, every ratio, also where ours is behind.

    python -m benchmarks.peers [--sentences 2000] [--sizes 1000,10000,100000] [--clients 1,4,16,64] [--data DIR]
                               [--only NAME,...] [--to FOLDER]

All are given the same sentences and the same model, all-MiniLM-L6-v2, with two threads. Each step of each peer runs in a
process of its own, and all peers take turns at a step. What a peer needs is installed when it is first measured; README.md
beside this file tells how, and what each is made of.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from assistant import __version__
from benchmarks import full_model, print_machine
from benchmarks.peers.drawing import page
from benchmarks.peers.environments import python_of
from benchmarks.peers.measuring import Contender, Wanted, measure
from benchmarks.peers.running import Limits
from benchmarks.peers.table import OURS, as_json, markdown, measures
from benchmarks.peers.texts import public_questions

CONTENDERS = (
    Contender(OURS, "Article Assistant", "benchmarks.peers.ours", note="its shipped form of the model, in 8 bits"),
    Contender(
        "reader",
        "Article Assistant, with the reader",
        "benchmarks.peers.ours",
        options={"reader": True},
        note="what search finds is read, and ranked by what the reader says",
    ),
    Contender("langchain", "LangChain and FAISS", "benchmarks.peers.langchain", "langchain"),
    Contender(
        "txtai",
        "txtai, hybrid",
        "benchmarks.peers.txtai",
        "txtai",
        note="libraries of ready-made vectors are not saved: the function that hands them over cannot be",
    ),
    Contender("haystack", "Haystack, in memory", "benchmarks.peers.haystack", "haystack"),
    Contender("haystack-faiss", "Haystack, FAISS", "benchmarks.peers.haystack", "haystack", {"store": "faiss"}),
    Contender("llamaindex", "LlamaIndex, simple store", "benchmarks.peers.llamaindex", "llamaindex"),
    Contender("llamaindex-faiss", "LlamaIndex, FAISS", "benchmarks.peers.llamaindex", "llamaindex", {"store": "faiss"}),
)
INSTALLING_SECONDS = 1800.0


def main() -> None:
    """Measures, prints the table, and writes it with JSON and plots."""
    options = read_options()
    chosen = [c for c in CONTENDERS if c.name == OURS or not options.only or c.name in options.only]
    with redirect_stdout(io.StringIO()) as machine:
        print_machine()
    public = public_questions(options.data, options.questions) if options.data else None
    limits = Limits(options.limit, 1000 * options.memory)
    wanted = Wanted(options.sentences, options.sizes, options.clients, public, full_model(), limits)
    measured = measure(chosen, wanted, _python_of, lambda step: print(step, file=sys.stderr, flush=True))
    lines = measures(options.sizes, options.clients, public is not None)
    heading = f"Article Assistant {__version__}, {machine.getvalue().strip()}. {_what(options, public)}"
    table = markdown(lines, chosen, measured, heading)
    print(table)
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "peers.md").write_text(table, encoding="utf-8")
    told = {"heading": heading, **as_json(lines, chosen, measured)}
    (options.to / "peers.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    drawn = page(chosen, measured, options.sizes, options.clients, heading)
    (options.to / "peers.html").write_text(drawn, encoding="utf-8")


def read_options() -> argparse.Namespace:
    """Returns what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=2000)
    parser.add_argument(
        "--sizes", type=_numbers, default=(1000, 10_000, 100_000), help='ready-made vectors; "" for none'
    )
    parser.add_argument("--clients", type=_numbers, default=(1, 4, 16, 64), help='who ask at once; "" for none')
    parser.add_argument("--data", type=Path, help="folder of public question sets, for quality")
    parser.add_argument("--questions", type=int, default=400, help="public questions that are asked")
    parser.add_argument("--only", type=_names, default=(), help=", ".join(c.name for c in CONTENDERS))
    parser.add_argument("--limit", type=float, default=900.0, help="seconds that a step may take")
    parser.add_argument("--memory", type=float, default=12.0, help="gigabytes that a process may hold")
    parser.add_argument("--to", type=Path, default=Path("reports") / "peers", help="folder for table, JSON and plots")
    options = parser.parse_args()
    unknown = set(options.only) - {c.name for c in CONTENDERS}
    if unknown:
        parser.error(f"no peer is called {', '.join(sorted(unknown))}")
    return options


def _what(options: argparse.Namespace, public: tuple[Sequence[object], Sequence[object]] | None) -> str:
    quality = (
        f" Quality: {len(public[1])} public questions on {len(public[0])} passages, 95 % intervals." if public else ""
    )
    return f"{options.sentences} sentences added.{quality}"


def _python_of(contender: Contender) -> Path | str:
    return python_of(contender.environment, INSTALLING_SECONDS) if contender.environment else sys.executable


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(part) for part in text.split(",") if part.strip()))


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


if __name__ == "__main__":
    main()
