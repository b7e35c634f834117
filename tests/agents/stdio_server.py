"""An agent's server over standard input and output whose embedder and reader are fakes: python stdio_server.py FOLDER"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # fakes
sys.path.insert(0, str(Path(__file__).parents[2]))  # this checkout's package

from fakes import ScriptedReader, WordEmbedder

from assistant.agents.stdio import serve_opened
from assistant.assistant import Assistant
from assistant.audit import tell_audit
from assistant.library.open_library import open_store
from assistant.server.termination import end_in_order
from assistant.settings import Settings

ARTICLE = "The ferry stopped sailing in March. The harbour office sold the vessel to a museum."


def main() -> None:
    """Serves; a question with the word "slowly" is read for five seconds, and told on standard error when it is weighed."""
    folder = Path(sys.argv[1])
    settings, embedder = Settings(library=folder), WordEmbedder()
    end_in_order()
    tell_audit()
    with Assistant(settings, open_store(settings, embedder), embedder, ScriptedReader("sold the vessel")) as assistant:
        assistant.add(ARTICLE, "The ferry")
        read, weigh = assistant.steps["read"], assistant.steps["weigh"]

        def slowly(inquiry: object) -> object:
            if "slowly" in str(inquiry):
                (folder / "begun").touch()
                time.sleep(1.5)
            return read(inquiry)

        def told(inquiry: object) -> object:
            if "slowly" in str(inquiry):
                (folder / "weighed").touch()
            return weigh(inquiry)

        assistant.steps |= {"read": slowly, "weigh": told}
        print("what a library prints does not reach the agent", file=sys.stderr)
        serve_opened(assistant)
    (folder / "closed").touch()


if __name__ == "__main__":
    main()
