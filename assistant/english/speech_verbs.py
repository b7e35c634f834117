"""The verbs of speech, by what they need to report something; each is written once, and its forms follow."""

from __future__ import annotations

from collections.abc import Iterable

# Past tenses that no rule gives.
_PAST = {
    "begin": "began", "forecast": "forecast", "foresee": "foresaw", "say": "said", "swear": "swore", "tell": "told",
    "think": "thought", "write": "wrote",
}  # fmt: skip
_DOUBLED = frozenset("admit beg dub quip snap sob".split())


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeou" else f"{verb}s"


def _past(verb: str) -> str:
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if verb in _DOUBLED else f"{verb}ed"


def _participle(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if verb in _DOUBLED else f"{verb}ing"


def _finite(verbs: Iterable[str]) -> frozenset[str]:
    """Returns the past and the third person of each verb."""
    return frozenset(form for verb in verbs for form in (_past(verb), _third(verb)))


# Verbs that report with any object: "X said the base would stay", "X promised soup".
_SAYING = (
    "say state argue assert insist announce deny allege contend remark comment tweet quip joke vow swear stress emphasize "
    "emphasise reiterate opine testify concede boast lament complain warn counter reckon recount reveal clarify pledge promise "
    "predict forecast admit confess protest"
).split()
# Verbs that report only with a clause: "X noted that …", "X told him that …".
_NOTING = (
    "claim maintain declare tell believe think note observe write report add suggest explain acknowledge conclude confirm reply "
    "answer ask respond recall agree estimate speculate theorize hypothesize propose advise hint imply wonder postulate posit "
    "recommend mention doubt expect affirm point proclaim caution foresee guarantee surmise apologise apologize assure hope fear "
    "retort inquire articulate"
).split()
# Verbs that only tag a quotation, '"Yes," smiled the king', and report with "that".
_TAGGING = (
    "cry whisper shout exclaim mutter murmur continue demand snap growl scream yell sigh gasp groan roar stammer rejoin "
    "interrupt plead beg grumble sob hiss enquire holler bellow shriek exult sneer interpose echo scold grunt bark croak "
    "squeak moan begin chuckle"
).split()
# Verbs that report when what they quote follows: "X called it “a mess”".
_CALLING = (
    "call describe dub label praise criticize criticise term deem summarize summarise hail brand denounce".split()
)

SAY = _finite(_SAYING) | frozenset("say argue assert insist announce deny warn state predict".split())
THAT = _finite(_NOTING) | frozenset(
    "feels claim tell believe think note write report suggest reply ask point reasoned urged".split()
)
CRY = _finite(_TAGGING)
TAG_ONLY = CRY | frozenset(
    "returned laughed repeated calls called quoth went put ordered commanded pleaded smiled remembered described thought pondered "
    "sang ventured greeted spoke posted posts puts laughs smiles grins grinned".split()
)
NAMING = _finite(_CALLING) | frozenset("labelled labelling describing calling dubbing praising criticizing".split())
# Participles that go with the subject of their clause: "…, adding that …".
PARTICIPLES = frozenset(
    "saying stating adding claiming arguing noting explaining writing declaring commenting remarking insisting telling warning "
    "complaining denying joking promising predicting".split()
)
# Forms that are nouns as well: they need a plural subject.
BASE = frozenset(
    "say claim argue assert insist announce deny tell believe think note report add suggest predict admit conclude recall hope "
    "fear doubt estimate expect propose answer reply demand wonder state warn reckon point".split()
)
VERBS = SAY | THAT | TAG_ONLY | NAMING | PARTICIPLES
# Participles before "by" and who said it: "as claimed by the union".
PASSIVE = tuple(
    "stated claimed argued suggested noted described quoted announced reported proposed observed recalled explained confirmed put said "
    "called dubbed labelled labeled praised criticized criticised denied hailed".split()
)
# Verbs that stand between a quotation and a name behind it: "“Yes,” said Ann Lee".
BEFORE_A_NAME = tuple(
    "said says declared wrote writes asked replied answered cried shouted added stated exclaimed responded".split()
)
# What is a noun as often, or no speech, in "What did X …?": "What did the bank report?" asks for figures.
_NOT_ASKED = frozenset(
    "begin continue echo interrupt observe point expect hope fear doubt report counter answer reply ask estimate agree "
    "recommend propose recall conclude confirm reveal clarify recount imply hint speculate theorize hypothesize postulate posit "
    "advise".split()
)
# With these all that somebody said is asked for, whatever verb the article has.
_OF_ANY_SPEECH = frozenset(
    "say state tell claim argue announce emphasize emphasise remark comment think believe suggest explain note add declare stress "
    "express mention".split()
)
# So too behind "what did" alone; elsewhere they are no speech as often: "What front have they maintained?"
_BEHIND_DID = frozenset(
    "insist contend assert maintain allege reiterate opine reckon affirm proclaim surmise retort rejoin boast lament complain "
    "acknowledge respond".split()
)
# With these, only what was promised, or denied. Verbs of a line mean the same.
_ALIKE = (
    "promise pledge vow swear guarantee assure", "predict forecast foresee", "admit confess concede acknowledge", "warn caution",
    "joke quip", "beg plead", "cry shout exclaim scream yell shriek bellow",
    "whisper murmur mutter",
)  # fmt: skip
_OF_ONE_KIND = frozenset([*_SAYING, *_NOTING, *_TAGGING]) - _OF_ANY_SPEECH - _BEHIND_DID - _NOT_ASKED
_REMARKS = (
    r"(?:make|made|give|gave) (?:his|her|their|its|an?|the) (?:remarks?|comments?|statements?|speech(?:es)?|address)"
)


def _any_of(verbs: Iterable[str]) -> str:
    forms = {form for verb in verbs for form in (verb, _past(verb), _third(verb))}
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


# What a question asks with, as a pattern: "What did X say?", "What remarks did X make?"
SAYING = rf"(?:{_any_of(_OF_ANY_SPEECH)}|saying|{_REMARKS})"
# What it asks with behind "what did" alone: "What did X insist?"
INSISTING = rf"(?:{_any_of(_BEHIND_DID)})"
# The same, of one kind of speech: "What did X promise?"
PROMISING = rf"(?:{_any_of(_OF_ONE_KIND)})"
# Behind "Who …": "Who said that?"
SAID_BY = rf"(?:{_any_of(_OF_ANY_SPEECH - {'tell', 'express', 'mention', 'add'} | _OF_ONE_KIND - {'write'})})"


def alike(verb: str) -> frozenset[str]:
    """Returns every form of the verbs of speech that mean the same as this form does, itself among them."""
    known = {form: base for base in _OF_ONE_KIND for form in (base, _past(base), _third(base), _participle(base))}
    base = known.get(verb.lower(), verb.lower())
    same = next((line.split() for line in _ALIKE if base in line.split()), [base])
    return frozenset(form for one in same for form in (one, _past(one), _third(one), _participle(one)))
