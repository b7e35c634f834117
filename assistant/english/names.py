"""Text -> the names in it: people, places and organisations, by capital letters and a few word lists.

No model decides here. A capital letter is evidence of a name except where English sets one anyway: at the start of a
sentence, in "I", in titles of office and in adjectives of nationality.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.english.bodies import IN_NAMES

# Words that are capitalised only because they begin a sentence or a question.
COMMON = frozenset(
    """a about above according across actually after afterwards aged again against all almost along already also although
    always am among an and another any anybody anyone anything anyway apart are around as aside asked at away back
    because been before behind being below besides between beyond both but by can could currently dear described despite did do
    does doing done down due during each earlier early eight either else eventually even ever every everybody everyone
    everything evidence except explain few finally find first five following for former formerly four from further furthermore give
    given had has have having he hello hence her here hers herself hey hi him himself his historically hoping how however i i'd
    i'll i'm i've if in indeed initially inside instead into is it it's its itself just last lastly late later least less let let's
    like list little many may maybe me meanwhile might mine more moreover most mostly much must my myself name near nearly
    neither never nevertheless next nine no nobody none nonetheless nor not note nothing now o of off often oh ok okay
    old on once one ones only onto or originally other others otherwise ought our ours out over overall own per perhaps please
    possibly presently previously prior probably quite rather really recently regarding research same says second see seven
    several shall she should show similarly since six so some somebody someone something sometimes somewhat soon
    sources speaking still subsequently such summarise summarize suppose sure ten tell than thank thanks that that's the their theirs them
    themselves then there there's thereafter therefore these they third this those though three through throughout thus
    till to today together tomorrow too toward towards two typically ultimately under unfortunately unless unlike until up upon us used
    using usually various very was we well were what what's whatever when whenever where whereas wherever whether which
    while who who's whoever whole whom whose why will with within without would yes yesterday yet you your yours
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december chapter part section figure table analysts critics experts historians officials scientists researchers scholars
    people men women children supporters opponents reporters authorities residents witnesses observers economists lawyers
    police players fans students teachers doctors members leaders studies reports sir madam""".split()
)
# Offices and honours; they go with a name and are no part of it.
TITLES = frozenset(
    """mr mrs ms miss mx dr prof professor doctor sir dame lord lady madam madame monsieur president minister
    ministers ambassador secretary chancellor senator congressman congresswoman
    representative governor gov mayor judge justice chairman chairwoman chair director manager coach captain capt commander
    colonel col major maj lieutenant lt sergeant sgt admiral gen marshal officer inspector detective sheriff attorney
    archbishop bishop cardinal pope reverend rev father brother sister saint st rabbi imam king queen prince princess
    emperor empress duke duchess earl count countess baron baroness spokesman spokeswoman spokesperson editor author actor
    actress singer writer historian economist critic analyst journalist reporter columnist biographer physicist philosopher researcher seismologist
    comedian rapper legislator politician diplomat activist artist musician producer reviewer photographer poet novelist playwright
    filmmaker designer scholar theologian linguist legislator host hon honourable honorable ceo cfo head
    aunt uncle premier speaker sen rep pres msgr cllr councillor councilor councilman councilwoman alderman commissioner
    superintendent constable headteacher headmaster headmistress vicar treasurer chairperson envoy lawyer solicitor barrister
    engineer scientist chemist architect executive midfielder goalkeeper striker defender skipper""".split()
)
# Words that belong to an office only where one follows: "Prime Minister", but "State Council".
_QUALIFIERS = frozenset(
    "vice prime deputy foreign defence defense finance interior general chief executive assistant acting former late then current "
    "state health trade police attorney lieutenant associate financial operating medical technical scientific".split()
)
# Titles that stay when a single name is all there is: "King Osric", "Mr. Pell".
_KEPT_TITLES = frozenset(
    "mr mrs ms miss mx dr sir lord lady dame king queen prince princess emperor empress duke duchess earl count countess baron "
    "pope saint st father brother sister aunt uncle captain madame madam monsieur".split()
)
_PLACES = frozenset(
    """afghanistan albania algeria america argentina armenia australia austria azerbaijan bangladesh belarus belgium bolivia
    bosnia brazil britain bulgaria burma cambodia canada chile china colombia congo croatia cuba cyprus denmark egypt england
    estonia ethiopia europe finland france georgia germany ghana greece haiti hungary iceland india indonesia iran iraq ireland
    israel italy jamaica japan jordan kazakhstan kenya korea kosovo kuwait kyrgyzstan laos latvia lebanon libya lithuania
    luxembourg malaysia mali malta mexico moldova mongolia montenegro morocco mozambique myanmar nepal netherlands nigeria norway
    pakistan palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal serbia
    singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan tanzania thailand tunisia
    turkey turkmenistan uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe africa asia""".split()
)
NATIONALITY = re.compile(
    r"(?:[A-Z][a-z]+(?:ian|ish|ese|ean|can|nch|utch|eek|wiss|ssian|raeli|raqi|akistani|ai|elsh|ilipino)|German|Roman|Christian)$"
)
_NOT_PERSON = IN_NAMES | frozenset(
    """
    abbey act airport album avenue award battle bay bible bill bridge castle cathedral center centre championship
    channel city congress corp corps county cup district east empire entertainment european film force forces guard
    guardian herald hotel house inc international island islands kingdom lake law llc ltd media mount mountain
    national navy network new news north ocean office palace park plc post press prize province radio records religion
    republic river road royal sea series song south square stadium state states station street studio studios
    television theater theatre times town treaty tribune united war west world
    """.split()
)
_UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁΑ-ΩԱ-Ֆ"
_WORD = rf"(?:(?:al|el|ul|ben|bin|ibn)-)?[{_UPPER}](?:[^\W_]|[’'-](?=[^\W_]))*"
_PART = rf"(?:[{_UPPER}]\.(?:[ -]?[{_UPPER}]\.)*|(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Capt|Lt|Sgt|Sen|Gov|Rep|Rev|Hon|Jr|Sr)\.|{_WORD})"
_LINK = (
    r"(?:of the|of|de la|de|del|della|di|da|dos|du|von der|von|van der|van den|van|bin|ibn|al|el|la|le|zu|ter|ten|y)"
)
_MANY = rf"(?:(?<=s)[’'](?=[  ][{_UPPER}]))?"  # "Bakers' Union"
_RUN = re.compile(rf"(?<![\w’'-]){_PART}{_MANY}(?:[  ](?:{_LINK}[  ])?{_PART}{_MANY}){{0,11}}")
_LETTERS = re.compile(r"(?<!\w)[^\W\d_]+")
_POSSESSIVE = re.compile(r"[’'](?:s|re|ve|ll|d|m)$|(?<=s)[’']$")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n][\s\"'“”‘’«»)\]*_-]{0,12}|[\"“‘«]\s{0,12})$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands: `text[start:end]` holds it, `text` is it without a possessive ending.

    Attributes:
        text: the name.
        start, end: character offsets.
        title: titles of office in front of it, lower case, "" if none.
    """

    text: str
    start: int
    end: int
    title: str = ""


def names(text: str) -> list[str]:
    """Returns the names in `text`, in order, each once, without possessive endings and titles of office.

    `names("What did Mirzoyan's minister say in Yerevan?") == ["Mirzoyan", "Yerevan"]`
    """
    return list(dict.fromkeys(name.text for name in find_names(text)))


def find_people(text: str) -> list[Name]:
    """Returns every mention of a name in `text` that may be a person's, in order."""
    return [name for name in find_names(text) if may_be_person(name.text)]


def find_names(text: str) -> list[Name]:
    """Returns every mention of a name in `text`, in order."""
    return list(each_name(text))


def each_name(text: str) -> Iterator[Name]:
    """Yields what `find_names` returns, one by one: a text may have a name every few characters."""
    lower_words: set[str] | None = None
    for run in _RUN.finditer(text):
        parts = [(match.group(), run.start() + match.start()) for match in re.finditer(r"\S+", run.group())]
        at_start = _SENTENCE_START.search(text[max(0, run.start() - 12) : run.start()]) is not None or run.start() == 0
        while parts and (parts[0][0].islower() or _is_common(parts[0][0], parts[-1][0])):
            parts.pop(0)
            at_start = False
        if at_start and len(parts) == 1 and not parts[0][0].isupper():
            if lower_words is None:
                lower_words = (
                    {word.group() for word in _LETTERS.finditer(text)} if len(text) > len(run.group()) else set()
                )
            if _plain(parts[0][0]) in lower_words:
                continue
        yield from _split_run(parts, text[max(0, run.start() - 24) : run.start()])


def _plain(word: str) -> str:
    """Returns a word in lower case without possessive ending and full stop."""
    return _POSSESSIVE.sub("", word.lower().replace("’", "'")).rstrip(".")


def _split_run(parts: list[tuple[str, int]], before: str) -> list[Name]:
    """Returns the names in one run of capitalised words: titles taken off, possessives and places ending a name."""
    found: list[Name] = []
    title: list[str] = []
    current: list[tuple[str, int]] = []
    after_office = re.search(r"(?:to|of|for|in)\s+$", before) is not None

    def close() -> None:
        while current and current[-1][0].islower():
            current.pop()
        if current:
            raw = " ".join(word for word, _ in current)
            last, start = current[-1]
            name = _POSSESSIVE.sub("", raw)
            if re.search(r"[^\W\d_]{2}", name) or len(current) > 1:
                found.append(Name(name, current[0][1], start + len(last), " ".join(title)))
        title.clear()
        current.clear()

    for index, (word, start) in enumerate(parts):
        plain, before_word = _plain(word), _plain(parts[index - 1][0]) if index else ""
        rest = len(parts) - index
        if not current and word.islower():
            after_office = True
        elif (not current and rest > 1 and plain in _QUALIFIERS and _titled(parts[index + 1 : index + 5])) or (
            not current and rest > 2 and re.search(r"[a-z]{4}(?:ologist|omist|icist|orian)$", plain)
        ):
            continue
        elif not current and _is_title(plain, before_word) and (rest > 1 or plain not in _KEPT_TITLES):
            title.append(plain)
        elif not current and rest > 1 and NATIONALITY.match(word) and _titled(parts[index + 1 : index + 5]):
            continue
        elif current and plain in TITLES and rest > 1 and not parts[index - 1][0].islower():
            close()
            title.append(plain)
        elif plain in COMMON and not word.islower() and current and (rest == 1 or plain not in {"sunday", "today"}):
            close()
        else:
            current.append((word, start))
            place = after_office and plain in _PLACES and len(current) == 1 and rest > 1
            if place or (_POSSESSIVE.search(word) and not _of_many(word, parts[-1][0])):
                close()
    close()
    return found


def _is_title(word: str, before: str) -> bool:
    return word in TITLES and (word != "executive" or before == "chief")  # not the Executive Order


def _is_common(word: str, last: str) -> bool:
    return _plain(word) in COMMON and not _of_many(word, last)


def _of_many(word: str, last: str) -> bool:
    """Returns whether a possessive belongs to the name of a body: "Bakers' Union", "Women's Institute"."""
    plural = word[-1] in "'’" or _plain(word) in {"women", "men", "people", "children"}
    return plural and _plain(last) in _NOT_PERSON


def _titled(parts: Sequence[tuple[str, int]]) -> bool:
    """Returns whether the words begin with a title of office, whatever qualifies it."""
    first = next((w for w in (_plain(word) for word, _ in parts) if w in TITLES or w not in _QUALIFIERS), "")
    return first in TITLES


def with_title(name: Name) -> str:
    """Returns the name, with a title in front where it is a single word and the title says who is meant."""
    last = name.title.split()[-1] if name.title else ""
    if " " in name.text or last not in _KEPT_TITLES:
        return name.text
    return f"{last.capitalize()}{'.' if last in {'mr', 'mrs', 'ms', 'dr', 'st'} else ''} {name.text}"


def may_be_person(name: str) -> bool:
    """Returns whether nothing in the words of a name says that it is a place, a thing or an organisation."""
    words = [_plain(word) for word in name.split()]
    known = " of the " in name or any(word in _NOT_PERSON or word in _PLACES for word in words)
    return not known and not name.isupper() and not (len(words) == 1 and NATIONALITY.match(name))


def fullest(name: str, candidates: Iterable[str]) -> str:
    """Returns the longest of `candidates` that `name` is the short form of, or `name` itself.

    The family name counts before the given name: `fullest("Kopyrkin", ["Sergey Kopyrkin", "Armenia"])` is
    `"Sergey Kopyrkin"`. Of several people the first in `candidates` is meant, so give the most recent first.
    """
    words = [_plain(word) for word in _POSSESSIVE.sub("", name).split()]
    titled = words[:1] and words[0] in TITLES
    wanted = words[1:] if titled and len(words) > 1 else words
    best, best_rank = name, (0, 0)
    people: list[list[str]] = []
    for candidate in candidates:
        have = [_plain(word) for word in candidate.split()]
        if len(have) <= len(wanted) or not wanted:
            continue
        ends = have[-len(wanted) :] == wanted
        if not ends and have[: len(wanted)] != wanted:
            continue
        rank = (2 if ends else 1, len(have))
        same = not people or (people[-1][-1] == have[-1] and (people[-1][0] == have[0] or len(have) == 1))
        if rank > best_rank and (same or rank[0] > best_rank[0]):
            best, best_rank = candidate, rank
            people.append(have)
    return best
