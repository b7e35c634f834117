"""How long `assistant ask` takes in a new process, against the same on sentence-transformers.

    python -m benchmarks.start_up [--repeat 5]

The baseline does no more than it must: it imports sentence-transformers, loads the full model, embeds the sample's
sentences and the question, and prints the nearest sentence. Both run in turn, so that the machine treats them alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.articles.sentences import split_sentences
from assistant.assistant import Assistant
from assistant.settings import Settings, shipped
from benchmarks import full_model, print_machine, verdict

QUESTION = "What did Mirzoyan say?"
MAX_SECONDS = 2.5
MIN_RATIO = 3.0

_BASELINE = """
import sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1])
sentences = open(sys.argv[2], encoding="utf-8").read().splitlines()
vectors = model.encode(sentences, normalize_embeddings=True)
question = model.encode(sys.argv[3], normalize_embeddings=True)
print(sentences[int((vectors @ question).argmax())])
"""


def main() -> None:
    """Runs both in turn and prints medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    print_machine()
    with tempfile.TemporaryDirectory() as folder:
        sentences = Path(folder) / "sentences.txt"
        (article,) = shipped("articles").glob("*.txt")
        lines = [" ".join(s.text.split()) for s in split_sentences(article.read_text(encoding="utf-8"))]
        sentences.write_text("\n".join(lines), encoding="utf-8")
        library = Path(folder) / "library"
        with Assistant.open(Settings(library=library)) as assistant:
            assistant.add_file(article)
        ours = [sys.executable, "-m", "assistant.cli", "ask", QUESTION, "--library", str(library)]
        theirs = [sys.executable, "-W", "ignore", "-c", _BASELINE, str(full_model()), str(sentences), QUESTION]
        # Once each unmeasured: the disk is warm, and the library made.
        run_seconds(ours, dict(os.environ))
        run_seconds(theirs, dict(os.environ))
        times = [(run_seconds(ours, dict(os.environ)), run_seconds(theirs, dict(os.environ))) for _ in range(repeat)]
    mine, base = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"assistant ask, new process, median of {repeat}: {mine:.2f} s  {verdict(mine, MAX_SECONDS, at_most=True)}")
    print(f"the same on sentence-transformers:            {base:.2f} s")
    print(f"ratio:                                        {base / mine:.1f}x  {verdict(base / mine, MIN_RATIO)}")


def run_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Returns how long a command takes.

    Raises:
        SystemExit: if it fails.
    """
    started = time.perf_counter()
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if run.returncode != 0 or not run.stdout.strip():
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{run.stderr}")
    return seconds


if __name__ == "__main__":
    main()
