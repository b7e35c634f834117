"""Sentences that give each of several things a value -> questions on one of them, put into real passages.

"Tickets cost 9 pounds for adults and 4 for children" is where a reader mixes things up: both prices are prices, and
the first one wins. Public question sets ask little of the kind, so such sentences are made, from the frames of
`lists.txt`. Some questions ask for a thing that is not listed, though another sentence may tell something else of it.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.articles.sentences import split_sentences
from training.data import Example

UNLISTED = 0.40  # share of questions on a thing that is not listed
SHORTENED = 0.55  # share of lists whose later clauses are short: "adults pay £9, children £4"
BACK = 0.35  # share of questions that name the value, where the frame has such
OTHERS = 0.4  # share of lists beside which something else is told of the same things

_THINGS = {
    "payer": "adults|children|students|pensioners|families|members|visitors|residents|soldiers|teachers|veterans|nurses|"
    "apprentices|farmers|tenants|drivers|owners|guests|widows|seniors|beginners|couples|tourists|locals|employees",
    "animal": "curlews|dunlins|herons|otters|badgers|foxes|deer|swans|geese|ducks|owls|bats|hares|frogs|toads|seals|beavers|"
    "wolves|bears|lynxes|eagles|hawks|sparrows|pigeons|crows|horses|cows|sheep|goats|pigs|rabbits|salmon|trout|eels|crabs",
    "object": "chairs|tables|beds|lamps|books|maps|letters|coins|swords|helmets|bottles|cups|plates|boots|coats|blankets|tents|"
    "boats|engines|wheels|rifles|cannons|trucks|tractors|bicycles|windows|doors|desks|computers|cameras|radios|houses|"
    "bridges|churches|barns|mills|hotels|ovens|barrels|boxes|bells|carpets|clocks|pumps|sails",
    "building": "library|museum|tower|chapel|school|hall|station|bridge|mill|theatre|pool|hospital|hotel|barn|lighthouse|harbour|"
    "stadium|market|garden|castle|factory|canal|tunnel|old road|path|city wall|dam|pond|cave|greenhouse|new wing|ferry|café",
    "subject": "history|chemistry|music|German|physics|drawing|biology|Latin|geography|French|mathematics|painting|law|"
    "economics|swimming|philosophy|carpentry|astronomy|Spanish|cooking|medicine|engineering",
    "role": "chair|treasurer|secretary|director|captain|coach|editor|mayor|deputy mayor|manager|conductor|head teacher|"
    "surgeon|pilot|cook|gardener|producer|referee|caretaker|spokeswoman|vice president|chief engineer|clerk|finance minister",
    "part": "Hamlet|Ophelia|Macbeth|Carmen|Tosca|the king|the queen|the wolf|the fool|the nurse|Faust|Cinderella|Peter Pan|"
    "Captain Hook|the narrator|the witch|Othello|Desdemona|Figaro|the ghost|Dorothy|the lion",
    "colour": "red|blue|green|yellow|white|black|brown|orange|grey|purple|pink|gold|silver",
    "day": "Mondays|Tuesdays|Wednesdays|Thursdays|Fridays|Saturdays|Sundays|weekdays|holidays",
    "ordinal": "first|second|third|fourth|fifth|sixth|last",
    "brought": "a torch|a map|a rope|some bread|a camera|a violin|two blankets|a dog|a radio|a pot of soup|a ladder|an axe|"
    "a bag of apples|a tent|a painting|the keys|a letter|a guitar|a first-aid kit|the flag|an umbrella|a silver ring",
    "matter": "the budget|the new road|the school|the bus stop|the park|the library|the flood wall|the car park|the festival|"
    "the roof|the playground|the cemetery|the footpath|the market|street lighting|the swimming pool|the town hall",
    "dish": "soup|bread|fish|rice|lamb|salad|pie|cheese|cake|stew|pasta|beans|chicken|porridge|curry|pancakes",
    "group": "the farmers|the students|the villagers|the university|the council|the army|the church|the railway|the socialists|"
    "the liberals|the nationalists|the reformers|the bank|the town|the county|the union|the navy|the miners",
    "future": "in January|in February|in April|in May|in June|in July|in September|in October|in November|next year|next month|"
    "next week|in spring|in summer|this autumn|in two years|after Easter|before Christmas|at the end of the year",
}  # fmt: skip
_FIRST_NAMES = (
    "Anna Marta Elif Tom Priya Jonas Mary David Chen Fatima Luis Olga Peter Grace Ivan Sara Ahmed Lucy Hugo Nina Omar Julia "
    "Karl Ruth Samuel Leila Frank Irene Pablo Helen Yusuf Clara Martin Aisha George Ingrid Paul Rosa Dmitri Emma"
).split()
_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_HEDGES = "about some only just nearly over almost".split()
_COUNTED = ("money", "count", "percent", "length", "duration")  # kinds that a hedge may stand before


@dataclass(frozen=True, slots=True)
class Frame:
    """How a value of each of several things is told and asked for; {o} stands for the thing, {v} for its value.

    Attributes:
        owner, value: their kinds.
        tellings: (clause, its short form in a list, "" if it has none).
        asks: questions that name the thing.
        asks_back: questions that name the value.
    """

    owner: str
    value: str
    tellings: list[tuple[str, str]] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    asks_back: list[str] = field(default_factory=list)


def read_frames(text: str) -> list[Frame]:
    """Returns the frames of a file in the form of `lists.txt`."""
    frames: list[Frame] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        mark, _, rest = line.partition(" ")
        if mark == "-":
            clause, _, short = rest.partition(" > ")
            frames[-1].tellings.append((clause, short))
        elif mark == "?":
            frames[-1].asks.append(f"{rest}?")
        elif mark == "??":
            frames[-1].asks_back.append(f"{rest}?")
        else:
            frames.append(Frame(mark, rest))
    return frames


FRAMES = read_frames((Path(__file__).parent / "lists.txt").read_text("utf-8"))
_OF_OWNER: defaultdict[str, list[Frame]] = defaultdict(list)
for _frame in FRAMES:
    _OF_OWNER[_frame.owner].append(_frame)


@dataclass(frozen=True, slots=True)
class _Told:
    """A list in words; `owners` and `values` are the (start, end) of each in `text`."""

    text: str
    owners: list[tuple[int, int]]
    values: list[tuple[int, int]]


def listed_question(example: Example, names: Sequence[str], rng: random.Random) -> Example | None:
    """Returns a question on a made list inside the example's passage, answerable or a near miss.

    Args:
        example: gives the passage.
        names: names of the passage's article, where places and surnames come from.
        rng: source of chance.

    Returns:
        The example; None if this draw gave none: too few names, or the passage speaks of the thing asked for.
    """
    frame = rng.choice(FRAMES)
    n_listed = rng.choice((2, 2, 3, 3, 4))
    owners = _values(frame.owner, n_listed + 1, names, rng)
    values = _values(frame.value, n_listed + 1, names, rng)
    if len(owners) <= n_listed or len(values) <= n_listed or set(owners) & set(values):
        return None
    told = _told(frame, owners[:n_listed], values[:n_listed], rng)
    before, after = _beside(frame, owners, values, names, rng)
    sentences = split_sentences(example.context)
    at = rng.choice([s.start for s in sentences] or [0])
    context = f"{example.context[:at]}{before}{told.text} {after}{example.context[at:]}"
    at += len(before)

    unlisted = rng.random() < UNLISTED
    which = n_listed if unlisted else rng.randrange(n_listed)
    back = bool(frame.asks_back) and rng.random() < BACK
    named = (values if back else owners)[which]
    if unlisted and re.search(rf"\b{re.escape(named)}\b", example.context, re.I):
        return None
    template = rng.choice(frame.asks_back if back else frame.asks)
    if frame.owner == "payer" and "for {o}" in template and rng.random() < 0.5:
        named = _one(named)
    asked_at = template.index("{")
    wanted = (told.owners if back else told.values)[rng.randrange(n_listed) if unlisted else which]
    answer = (at + wanted[0], told.text[slice(*wanted)])
    support = next((s.start, s.end) for s in split_sentences(context) if s.start <= answer[0] < s.end)
    return Example(
        f"{example.id}#listed", example.source, example.article, context, template.format(o=named, v=named),
        answers=() if unlisted else (answer,), answerable=not unlisted, support=None if unlisted else (support,),
        mismatch=((asked_at, asked_at + len(named)),) if unlisted else (), focus=(at, at + len(told.text)),
        plausible=answer if unlisted else None,
    )  # fmt: skip


def _beside(
    frame: Frame, owners: Sequence[str], values: Sequence[str], names: Sequence[str], rng: random.Random
) -> tuple[str, str]:
    """Returns what to put before and behind the list: something else told of the same things and one more, or nothing."""
    others = [other for other in _OF_OWNER[frame.owner] if other is not frame]
    if not others or rng.random() >= OTHERS:
        return "", ""
    other = max(rng.sample(others, min(2, len(others))), key=lambda found: found.value == frame.value)
    chosen = rng.sample(owners, min(len(owners), rng.choice((1, 2, 3))))
    given = [value for value in _values(other.value, len(chosen) + 4, names, rng) if value not in values]
    if len(given) < len(chosen):
        return "", ""
    text = _told(other, chosen, given[: len(chosen)], rng).text + " "
    return (text, "") if rng.random() < 0.5 else ("", text)


def _told(frame: Frame, owners: Sequence[str], values: Sequence[str], rng: random.Random) -> _Told:
    with_short = [telling for telling in frame.tellings if telling[1]]
    shortened = rng.random() < SHORTENED
    first, short = rng.choice(with_short if shortened else frame.tellings)
    clauses = [first] + [short if shortened else rng.choice(frame.tellings)[0] for _ in owners[1:]]
    joint = rng.choice((", ", ", ", "; ")) if shortened else rng.choice((". ", ". ", "; ", ", while "))
    unit_left_out = shortened and frame.value == "money" and rng.random() < 0.4
    told = _Told("", [], [])
    for i, (clause, owner, value) in enumerate(zip(clauses, owners, values, strict=True)):
        last = i == len(owners) - 1
        text = told.text
        if i and last and joint != ". ":
            text += rng.choice(
                (" and ", ", and ", "; ", ", while ", ", but ") if shortened else (" and ", "; ", ", while ")
            )
        elif i:
            text += joint if joint != ", while " else "; "
        if i and unit_left_out:
            value = value.split()[0]  # "9 pounds for adults and 4 for children"
        hedge = rng.choice(_HEDGES) + " " if frame.value in _COUNTED and rng.random() < 0.12 else ""
        opens = not text or text.endswith(". ")
        filled, owner_at, value_at = _filled(clause, owner, value, hedge, opens)
        told.owners.append((owner_at + len(text), owner_at + len(text) + len(owner)))
        told.values.append((value_at + len(text), value_at + len(text) + len(value)))
        told = _Told(text + filled, told.owners, told.values)
    return _Told(told.text + ".", told.owners, told.values)


def _filled(clause: str, owner: str, value: str, hedge: str, opens: bool) -> tuple[str, int, int]:
    """Returns a clause with owner and value in it, and where they start; only what opens a sentence is capitalised."""
    if not opens and clause[0] != "{" and clause.split()[0] in _OPENERS:
        clause = clause[0].lower() + clause[1:]
    text, owner_at, value_at = "", 0, 0
    for piece in re.split(r"(\{[oOvV]\})", clause):
        if piece in ("{o}", "{O}"):
            owner_at, piece = len(text), owner
        elif piece in ("{v}", "{V}"):
            text += hedge
            value_at, piece = len(text), value
        text += piece
    return (text[0].upper() + text[1:] if opens else text), owner_at, value_at


_OPENERS = {frame_clause.split()[0] for frame in FRAMES for frame_clause, _ in frame.tellings if frame_clause[0] != "{"}


def _one(payers: str) -> str:
    """Returns one of them: "an adult" for "adults"."""
    one = {"children": "child", "families": "family"}.get(payers, payers.removesuffix("s"))
    return f"{'an' if one[0] in 'aeiou' else 'a'} {one}"


def _values(kind: str, n: int, names: Sequence[str], rng: random.Random) -> list[str]:
    """Returns up to n different values of a kind, in any order."""
    if kind in _THINGS:
        pool = _THINGS[kind].split("|")
        return rng.sample(pool, min(n, len(pool)))
    names = [name for name in names if name.replace(" ", "").isalpha()]
    if kind == "place":
        pool = sorted({name for name in names if name.count(" ") < 2})
        return rng.sample(pool, min(n, len(pool)))
    if kind == "person":
        surnames = sorted({name.split()[-1] for name in names if len(name.split()[-1]) > 2})
        firsts, lasts = rng.sample(_FIRST_NAMES, n), rng.sample(surnames, min(n, len(surnames)))
        with_first = rng.random() < 0.6
        return [f"{first} {last}" if with_first else last for first, last in zip(firsts, lasts, strict=False)]
    style = rng.randrange(3)
    found: dict[str, None] = {}
    while len(found) < n:
        found[_number(kind, style, rng)] = None
    return list(found)


def _number(kind: str, style: int, rng: random.Random) -> str:
    n = round(10 ** rng.uniform(0.4, 3.7))
    word = rng.choice(_WORDS)
    clock = f"{rng.randrange(1, 12)}{rng.choice((':30', ':15', '.45', ''))}"
    made = {
        "money": (f"£{n:,}", f"{n:,} {rng.choice(('pounds', 'euros'))}", f"${n % 90}.{rng.choice((20, 50, 75, 99))}"),
        "count": (rng.choice((str(n), word)), f"{n:,}", str(n)),
        "percent": (f"{n % 97 + 2}%", f"{n % 97 + 2} per cent", f"{n % 97 + 2}.{n % 9} percent"),
        "year": (str(rng.randrange(1700, 2025)),) * 3,
        "age": (word, str(n % 90 + 5), str(n % 90 + 5)),
        "clock": (
            f"{clock}{rng.choice(('am', 'pm'))}",
            f"{rng.randrange(6, 24)}:{rng.randrange(6)}0",
            f"{word} o'clock",
        ),
        "length": (f"{n % 900 + 2} metres", f"{n % 900 + 2} kilometres", f"{n % 900 + 2} feet"),
        "duration": (f"{n % 60 + 2} days", f"{word} weeks", f"{word} {rng.choice(('months', 'years'))}"),
        "minute": (f"{n % 8 + 1}{rng.randrange(4, 10)}th",) * 3,
    }
    return made[kind][style]
