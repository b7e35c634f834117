"""Words for bodies that people form, each once: which of them end a name, speak, and are asked what they said."""

from __future__ import annotations

# A name that holds one of these is a body's, no person's: "the Bakers' Union".
IN_NAMES = frozenset(
    """
    academy agency army association bank board bureau church club college commission committee company corporation
    council court department foundation group hospital institute journal league magazine ministry museum parliament
    party school senate society team union university
    """.split()
)
# Bodies that speak: "it" may mean one that the sentence before begins with.
SPEAKING = IN_NAMES | frozenset(
    """
    airline alliance authority charity consortium embassy federation firm government newspaper organisation
    organization paper police publisher regulator retailer tribunal trust watchdog
    """.split()
)
# Those of them that are no speaker where a follow-up names one alone, "And the museum?": they are as often a matter.
_MATTERS = frozenset(
    """
    academy airline alliance association authority bureau charity college consortium corporation department federation
    firm foundation hospital institute journal league museum organisation organization publisher regulator retailer
    school society tribunal trust watchdog
    """.split()
)
ASKED = SPEAKING - _MATTERS
