"""Which language a short text is in, where it is plainly not English."""

from __future__ import annotations

import re
import unicodedata

_SCRIPTS = {
    "CYRILLIC": "a language in Cyrillic script",
    "ARABIC": "a language in Arabic script",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
    "DEVANAGARI": "a language in Devanagari script",
    "THAI": "Thai",
    "HANGUL": "Korean",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "CJK": "Chinese or Japanese",
}
# The words that questions and sentences of these languages cannot do without, English ones left out.
_FUNCTION_WORDS = {
    "German": "der die das den dem ein eine einen ist sind war waren wer wie wo wann warum welche welcher welches und nicht "
    "über von mit für auf zu im am hat haben wurde gesagt sagte",
    "French": "le la les des du un une est sont était qui que quoi où quand pourquoi comment quel quelle et ne pas dans sur "
    "avec pour au aux ce cette il elle dit",
    "Spanish": "el la los las del un una es son fue quién quien qué que dónde cuándo cuando cómo cuál por para con y en no "
    "está dijo sobre",
    "Italian": "il lo la gli le della del dei un una è sono chi che cosa dove quando perché come quale per con e non nel ha "
    "detto",
    "Portuguese": "o os as do da dos das um uma é são foi quem que onde quando como qual por para com e não no na está disse",
    "Dutch": "de het een is zijn was wie wat waar wanneer waarom hoe welke en niet over van met voor op heeft gezegd",
    "Polish": "jest są był kto co gdzie kiedy dlaczego jak jaki jaka i nie w na z do się o powiedział",
    "Turkish": "bir bu ve ne kim nerede zaman neden nasıl hangi için ile değil mi dedi",
}
_ENGLISH = frozenset(
    "the a an is are was were be been do does did has have had who what when where why how which whose whom and or not of in on at "
    "to for from by with about as it its he she his her they their this that these those there can could will would".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """Returns the name of the language or script of `text`, "" where it is English or cannot be told."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return ""
    found = [word.lower() for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH for word in found)
    foreign: dict[str, int] = {}
    for character in letters:
        script = unicodedata.name(character, "").split(" ")[0]
        if script in _SCRIPTS:
            foreign[script] = foreign.get(script, 0) + 1
    # "Who is Мирзоян?" is English, long as the name may be.
    if sum(foreign.values()) > len(letters) / 2 and english < 2:
        return _SCRIPTS[max(foreign, key=lambda script: foreign[script])]
    counts = {name: sum(word in known for word in found) for name, known in _KNOWN.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 2 and counts[best] > english + 1 else ""


_KNOWN = {name: frozenset(known.split()) - _ENGLISH for name, known in _FUNCTION_WORDS.items()}
