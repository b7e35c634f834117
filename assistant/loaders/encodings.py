"""Bytes of a text that is no UTF-8 -> the name of its encoding: for Latin scripts by language and context.

What tells the Latin encodings apart is a handful of letters and marks: 0xA3 is a pound in Western Windows, an Ł in
Central European. So the words in ASCII tell the language first, the language its encodings, and among those is chosen the
one whose letters and marks stand where such stand: a pound before a number, an opening quotation mark before a word.
Texts in other scripts are charset-normalizer's, which is right about them. Measured on public contexts by
`python -m benchmarks.encodings --data DIR`.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import pairwise

_SAMPLE_BYTES = 200_000
_MAX_LOOKED_AT = 4000  # characters beyond ASCII
_MOSTLY = 0.3  # of the letters beyond ASCII: no Latin script has as many
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_FAMILIES = {
    "western": ("cp1252", "iso8859_15", "mac_roman", "cp850", "cp437"),
    "central": ("cp1250", "iso8859_2", "cp852", "mac_latin2"),
    "turkish": ("cp1254", "cp857", "mac_turkish"),
    "baltic": ("cp1257", "iso8859_13", "cp775"),
    "romanian": ("cp1250", "iso8859_16", "iso8859_2", "cp852"),
}
# Frequent words that need no letter beyond ASCII, and so tell the language before the encoding is known.
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüßðþýšž"
_LANGUAGES = (
    ("western", _WESTERN, "the of and to in is was that for it with as his he on be by are this had from at which have an not they"),
    ("western", _WESTERN, "le la les des et un une est dans que qui du pour pas sur au il ne se ce plus par avec sont"),
    ("western", _WESTERN, "der die und das den von zu mit sich des ist im dem nicht ein eine auf auch als es an werden aus er hat"),
    ("western", _WESTERN, "el la los las de que y en un una es por con para su al del lo como pero no se este son"),
    ("western", _WESTERN, "de het een van en is dat op te zijn met voor niet aan er om ook als dan maar bij uit nog"),
    ("western", _WESTERN, "o a os as de que e em um uma para com por mas como do da no na se dos ao foi seu sua"),
    ("western", _WESTERN, "il di che e la per un non una in del si da con sono le dei al come anche ma alla della nel"),
    ("western", _WESTERN, "och att det som en ett den med av inte om har de var jag han till hon kan men sig"),
    ("western", _WESTERN, "og det at en den til er som de med han ikke der var jeg et har om vi min et da sig"),
    ("western", _WESTERN, "ja on ei se oli hän joka mutta kun hyvin sen ovat niin ole nyt tai kuin siis vain"),
    ("western", _WESTERN, "og er var hann ekki sem um til en af fyrir eru var hafa vera hans honum hennar mun"),
    ("central", "ąćęłńóśźż", "w i z na do nie to jest jak po co tak za od przez ale przy dla ma tym o ich jego jej przed"),
    ("central", "áčďéěíňóřšťúůýž", "v na se je s do z ve o k i za po ale tak jako jeho pro od jsou nebo by byl bylo aby kde tom bude pak nic jen podle"),
    ("central", "áäčďéíĺľňóôŕšťúýž", "v na sa je s do z vo o k aj za po ale tak ako jeho pre od alebo som by bol bolo aby kde ktorej"),
    ("central", "áéíóöőúüű", "a az hogy nem is egy ez meg csak volt de mint el ha van vagy mert azt amely ezt minden maga"),
    ("central", "čćđšž", "i u je na da se su za od s kao koji bio ili ali bi iz po sa nije samo jer joj njega kada"),
    ("central", "čšž", "in je na se da za so ki v z po pa ne bi kot od ali pri tudi ni ter kar zato sta lahko"),
    ("turkish", "âçğıîöşûüi\u0307", "ve bir bu da de ile olarak olan daha ne gibi en kadar sonra ama o var mi ki onu ben diye veya iki"),
    ("baltic", "āąčēęėģīįķļņõöšūųüžäé", "ir kad su tai buvo bet yra nuo kaip ne jo tik po per dar jau iki arba apie kuri labai nes"),
    ("baltic", "āąčēęėģīįķļņõöšūųüžäé", "un ir no ar uz par ka bet kas pie arī tas tika gan vai lai kad pat viņa bija savu tad"),
    ("baltic", "āąčēęėģīįķļņõöšūųüžäé", "ja on ei et see ka ta oli kui ning mis oma aga siis seda nii veel mida olid tema selle"),
    ("romanian", "ăâîșțşţéö", "de la cu nu pe din a o un care mai ca o se pentru este sunt fost lui dar sau prin dintre"),
)  # fmt: skip
_SETS = tuple((family, letters, frozenset(words.split())) for family, letters, words in _LANGUAGES)
# A script's frequent letters, well over half of any text in it, and its encodings.
_SCRIPTS = (
    (frozenset("оеаинтсрвлкмдпуіз"), ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")),
    (frozenset("αοιετσνηυρκπςάέήίό"), ("cp1253", "iso8859_7", "cp737")),
    (frozenset("יוהלאמרתבשנ"), ("cp1255", "iso8859_8", "cp862")),
    (frozenset("ايلمونرتبهة"), ("cp1256", "iso8859_6")),
)
_MARKS = frozenset("«»“”„‘’–—…№\xa0")
_ALONE = frozenset("àâáäèéêëíìîòóôöøåæúùûüıßýžš")
_OPENING = frozenset("“‘„‚«‹¿¡")
_CLOSING = frozenset("”’»›")
_MONEY = frozenset("£€¥¢")
_RAISED = frozenset("²³¹ºª°½¼¾")
_FREE = frozenset("–—\xa0·")
_SIGNS = frozenset("…•©®™§¶±×÷µ†‡‰")


def encoding_of(data: bytes) -> str:
    """Returns the name of the encoding that a text has, "" if it is none that is known.

    Args:
        data: of a text, not all of it ASCII, and not UTF-8.
    """
    sample = data[:_SAMPLE_BYTES]
    high = sum(byte >= 0x80 for byte in sample)
    letters = sum(byte < 0x80 and chr(byte).isalpha() for byte in sample)
    family, alphabet, is_sure = _language(sample)
    if _has_foreign_words(sample) and (high > _MOSTLY * (high + letters) or not is_sure):
        return _of_other_script(sample) or _guessed(sample)
    best, cost = _cheapest(sample, family, alphabet)
    if cost > 0.2 and not is_sure:
        for other, its_alphabet, _ in _SETS:
            encoding, its_cost = _cheapest(sample, other, its_alphabet)
            if its_cost < cost / 2:
                best, cost = encoding, its_cost
    return best


def _language(sample: bytes) -> tuple[str, str, bool]:
    """Returns the encodings and the alphabet that a text's frequent words tell, and whether they are enough to be sure."""
    words = Counter(word.decode("ascii", "replace") for word in _WORD.findall(sample.lower()))
    found = [(sum(words[word] for word in known), family, alphabet) for family, alphabet, known in _SETS]
    n_found, family, alphabet = max(found, key=lambda each: each[0])
    if n_found * 12 < sum(words.values()):
        return "western", _WESTERN, False
    return family, alphabet, True


def _has_foreign_words(sample: bytes) -> bool:
    """Returns whether most bytes beyond ASCII stand in words that have no other: a script that is not Latin."""
    foreign = total = 0
    for word in _WORD.findall(sample):
        high = sum(byte >= 0x80 for byte in word)
        total += high
        foreign += high * (high > 2 and high * 3 > len(word) * 2)
    return foreign * 2 > total


def _of_other_script(sample: bytes) -> str:
    """Returns the encoding in which a text is of a script's frequent letters, its capitals first in words; else ""."""
    best, most = "", 0.4
    for frequent, encodings in _SCRIPTS:
        for encoding in encodings:
            text = codecs.decode(sample, encoding, "replace")
            beyond = [character for character in text if character >= "\x80"]
            common = sum(character.lower() in frequent for character in beyond)
            strange = sum(
                character == "\ufffd" or not (character.isalpha() or character in _MARKS) for character in beyond
            )
            turned = sum(one.islower() and other.isupper() for one, other in pairwise(text))
            share = (common - strange - turned) / max(1, len(beyond))
            if share > most:
                best, most = encoding, share
    return best


def _guessed(sample: bytes) -> str:
    """Returns what charset-normalizer takes a text for, "" if for nothing; Western Windows where it is as good."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        return ""
    for match in matches:
        # Short Western text scores alike in a dozen code pages; cp1252 is by far the most used of them.
        if match.encoding == "cp1252" and match.coherence >= best.coherence and match.chaos < best.chaos + 0.1:
            return "cp1252"
    return best.encoding


def _cheapest(sample: bytes, family: str, alphabet: str) -> tuple[str, float]:
    """Returns the encoding of a family in which the fewest characters stand where such do not, and their share."""
    encodings = _FAMILIES[family]
    found = [_oddness(codecs.decode(sample, encoding, "replace"), alphabet) for encoding in encodings]
    costs = [cost for cost, _ in found]
    least = min(costs)
    # Windows' own is by far the most used: one odd mark does not tell another.
    is_told = least < costs[0] / 2 and costs[0] - least > 0.6
    at = costs.index(least) if is_told else 0
    return encodings[at], costs[at] / max(1, found[at][1])


def _oddness(text: str, letters: str) -> tuple[float, int]:
    """Returns how oddly the characters beyond ASCII stand, 0 to 2 each, all together; and how many were looked at."""
    total, n_looked_at = 0.0, 0
    for at, character in enumerate(text):
        if character < "\x80":
            continue
        n_looked_at += 1
        total += _odd(text[at - 1] if at else " ", character, text[at + 1 : at + 2] or " ", letters)
        if n_looked_at >= _MAX_LOOKED_AT:
            break
    return total, n_looked_at


def _odd(before: str, character: str, after: str, letters: str) -> float:
    """Returns how oddly a character stands between two others: 0 for not at all, 1 for very, 2 for never."""
    if character == "\ufffd" or character < "\xa0":
        return 2
    inside = before.isalpha() and after.isalpha()
    if character in _FREE:
        return 0
    if character in _OPENING:
        return 1 if before.isalnum() else 0.5 * after.isspace()
    if character in _CLOSING:
        return float(inside and character != "’") or 0.5 * (before.isspace() and after.isspace())
    if character in _MONEY:
        return float(inside or not (before.isdigit() or after.isdigit() or after.isspace() or before.isspace()))
    if character in _RAISED:
        return float(after.isalpha() and not (character == "°" and not before.isalpha()))
    if character in _SIGNS:
        return float(inside)
    if not character.isalpha():
        return 1 if character == "¤" else 0.5
    return _odd_letter(before, character, after, letters)


def _odd_letter(before: str, character: str, after: str, letters: str) -> float:
    if before.isdigit() or after.isdigit():
        return 1
    if character.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return 1
    if character.islower() and after.isupper():
        return 1
    known = character.lower() in letters or character.lower()[:1] in letters
    if not (before.isalpha() or after.isalpha()):
        return 0.0 if character.lower() in _ALONE and known else 0.7
    return 0 if known else 0.6
