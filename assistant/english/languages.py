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
# The words that questions and sentences of these languages cannot do without, those that English has too among them.
_FUNCTION_WORDS = {
    "German": "der die das den dem ein eine einen ist sind war waren wer was wie wo wann warum welche welcher welches und nicht "
    "über von mit für auf zu im am in hat haben hatte wird wurde wurden gesagt sagte sagt schrieb dies diese dieser dieses sich "
    "nach bei aus es er sie kann man viele",
    "French": "a le la les de des du un une est sont était qui que qu quoi où quand pourquoi comment quel quelle quels quelles et ne pas "
    "dans sur avec pour au aux ce cette ces cela il elle ils elles dit écrit fait ont été combien",
    "Spanish": "el la lo los las del un una es son fue fueron quién quien quiénes qué que dónde donde cuándo cuando cómo como cuál "
    "cuántos cuántas por para con y en no está esto este esta dijo dice escribió hizo hay sobre",
    "Italian": "il lo la gli le della del dei di un una è sono chi che cosa dove quando perché come quale quanti per con e non nel "
    "ha detto disse scritto questo questa",
    "Portuguese": "o os a as do da dos das um uma é são foi quem que quê onde quando como qual quantos por para com e não no na "
    "está isto isso este esta disse escreveu sobre",
    "Dutch": "er hoeveel de het een is zijn was waren wie wat waar wanneer waarom hoe welke en niet over van met voor op in heeft hebben zei "
    "zegt gezegd dit dat door naar werd wordt geschreven",
    "Polish": "jest są był była kto co gdzie kiedy dlaczego jak jaki jaka ile i nie w na z do się o to powiedział napisał",
    "Turkish": "bir bu ve ne kim nerede zaman neden nasıl hangi kaç için ile değil mi dedi yazdı",
}
# Those of them that stand in English texts and names too: alone they tell nothing.
_SHARED = frozenset(
    "a am as come comment da de del der des die do dos du e el en er es fait i in is la las le les lo los man me met mi na no o on os "
    "over pas pour son to un van von war was y z".split()
)
_ENGLISH = frozenset(
    "the a an is are was were be been do does did has have had who what when where why how which whose whom and or not of in on at "
    "to for from by with about as it its he she his her they their this that these those there can could will would say said".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """Returns the name of the language or script of `text`, "" where it is English or cannot be told."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return ""
    found = [word.lower() for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH for word in found)
    if "¿" in text and not english:
        return "Spanish"
    foreign: dict[str, int] = {}
    for character in letters:
        script = unicodedata.name(character, "").split(" ")[0]
        if script in _SCRIPTS:
            foreign[script] = foreign.get(script, 0) + 1
    # "Who is Мирзоян?" is English, long as the name may be.
    if sum(foreign.values()) > len(letters) / 2 and english < 2:
        return _SCRIPTS[max(foreign, key=lambda script: foreign[script])]
    best, most = "", 0
    for name, known in _KNOWN.items():
        if any(word in known and word not in _SHARED for word in found):
            n = sum(word in known for word in found)
            if n >= 2 and n > 1 + sum(word in _ENGLISH and word not in known for word in found) and n > most:
                best, most = name, n
    return best


_KNOWN = {name: frozenset(known.split()) for name, known in _FUNCTION_WORDS.items()}
