"""One sentence -> who reports or says something in it: a verb of speech and its subject.

Quotations are masked before (see speakers.py), so that what people say is not read as the article's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.names import COMMON, NATIONALITY

MASK = "\x01"
# Verbs that report with any object: "X said the base would stay".
_SAY = frozenset(
    "said says say stated states argued argues argue asserted asserts assert insisted "
    "insists insist announced announces denied denies deny alleged alleges contended contends remarked remarks "
    "commented comments tweeted quipped joked vowed swore stressed stresses emphasized emphasised emphasizes emphasises "
    "reiterated reiterates opined testified conceded boasted lamented complained complains warned warns".split()
)
# Verbs that report only with a clause: "X noted that …", "X told him that …".
_THAT = frozenset(
    "claimed claims claim maintained maintains declared declares told tells tell believed believes believe thinks think thought noted notes note observed observes wrote writes write reported reports "
    "report added adds suggested suggests suggest explained explains predicted predicts admitted admits acknowledged acknowledges "
    "concluded concludes confirmed confirms replied replies answered answers asked asks ask responded responds recalled recalls "
    "promised promises agreed agrees feels fears feared hopes hoped estimated estimates speculated speculates theorized "
    "hypothesized proposed proposes advised advises confessed revealed cautioned countered hinted implied implies wondered wonders "
    "postulated posits posited recommended recommends urged mentioned mentions doubted doubts expects expected "
    "affirmed reasoned pointed points proclaimed inquired".split()
)
# Verbs that only tag a quotation: '"Yes," smiled the king.'
_TAG_ONLY = frozenset(
    "cried cries whispered whispers shouted shouts exclaimed exclaims muttered mutters murmured continued continues "
    "demanded snapped growled screamed yelled returned laughed sighed began repeated gasped groaned roared stammered "
    "called calls quoth rejoined retorted interrupted went put ordered commanded begged pleaded smiled grumbled "
    "remembered called described thought pondered sang sobbed hissed enquired hollered bellowed shrieked "
    "exulted ventured sneered interposed echoed greeted spoke scolded grunted barked croaked squeaked".split()
)
# Verbs that report when what they quote follows: "X called it “a mess”".
_NAMING = frozenset(
    "called calls described describes dubbed labeled labelled labels praised praises criticized criticised criticizes termed "
    "deemed summarized summarised describing calling dubbing praising labelling criticizing".split()
)
# Participles that go with the subject of their clause: "…, adding that …".
_PARTICIPLES = frozenset(
    "saying stating adding claiming arguing noting explaining writing declaring commenting remarking insisting telling".split()
)
# Forms that are nouns as well: they need a plural subject.
_BASE = frozenset(
    "say claim argue assert insist announce deny tell believe think note report add suggest predict admit conclude recall hope "
    "fear doubt estimate expect propose answer demand wonder state".split()
)
VERBS = _SAY | _THAT | _TAG_ONLY | _NAMING | _PARTICIPLES
_VERB = re.compile(rf"\b(?:{'|'.join(sorted(VERBS, key=len, reverse=True))})\b")
_TOKEN = re.compile(rf"{MASK}+|(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Capt|Lt|Sgt|Sen|Gov|Rep|Rev|Hon|Jr|Sr)\.|[^\W_]+(?:[’'.-][^\W_]+)*|[’']s\b|[^\w\s]|_")
_PRONOUNS = frozenset("he she they i we you it who".split())
_DETERMINERS = frozenset(
    "the a an his her their its this that these those one some many several most other another every each both few "
    "all no our my your two three four five certain various numerous".split()
)
_ALONE = frozenset("some many most several others one each none all both few another".split())
_PREPOSITIONS = frozenset(
    "of in on at by to for from with about after before during under near into over against between among through "
    "as since without upon across behind toward towards outside inside per via than like despite off out up down".split()
)
# Words that cannot stand inside a noun phrase: auxiliaries and the commonest verbs of stories.
_VERBAL = frozenset(
    "is was are were has had have will would can could may might shall should must did does do not never went took sat ran came "
    "stood got made gave left fell rose flew saw heard felt knew grew held kept led let lay met put rode sprang swam threw won "
    "found brought bought caught drew ate drank sent set shook slept turned looked seemed walked used goes comes takes makes "
    "gives gets seems praise find".split()
)
_BREAKS = frozenset("and but or that because when while if although though which where so then as whether".split())
_BETWEEN = re.compile(
    r"(?:[a-z]+ly|also|then|later|once|just|now|has|have|had|would|will|could|can|may|might|did|does|do|never|always|often|even|still|"
    r"again|soon|once|first|further|himself|herself|themselves|at|last|recently|ever|long|since|is|was|are|were|been|being|quoted|as|"
    r"only|both|all|each|himself|sometimes|repeatedly|once|more|already|too|well)$"
)
_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Ii]n the words of|[Ii]n the (?:opinion|view) of|(?:stated|claimed|argued|suggested|noted|"
    r"described|quoted|announced|reported|proposed|observed|recalled|explained|confirmed|put|said|called|dubbed|labelled|labeled|praised|"
    r"criticized|criticised|denied|hailed) by)\s+"
)
_WORDS_OF = re.compile(r"\b[Ii]n\s+((?:[\w.]+\s+){0,3}?[\w.]+[’']s?|his|her|their)\s+(?:own\s+)?(?:words|view|opinion)\b")
# Subjects that show or suggest but do not speak.
_THINGS = re.compile(
    r"(?:[’']s?|\b(?:remarks?|comments?|findings?|results?|evidence|research|data|tests?|figures?|names?|position|decision|idea|"
    r"facts?|events?|words?|experiments?|records?|analysis|legend|tradition|film|song|novel|album|titles?|terms?|definition|"
    r"theory|theories|teachings|opinion|plans?|rules?|laws?|interpretation|estimates?|terminology|belief|myth|model|hypothesis|"
    r"methods?|standards?|criteria|schedule|conjecture|theorem|principle|rumou?rs?|lyrics|agreement|tag|sign|notes?|concerns?|claims?))$",
    re.IGNORECASE,
)
_FINITE = r"(?:is|was|are|were|has|had|have|will|would|could|can|may|might|should|must|did|does|do|never|\w+ed)"
_THAT_WORD = r"(?:that(?!\s(?:same|day|time|year|month|week|night))|if|whether|how|why|what)\b"
_CLAUSE = re.compile(
    rf"\s*(?:,\s*)?{_THAT_WORD}|(?:\s[\w’'-]+){{1,4}}\s{_THAT_WORD}|\s*:|\s(?:he|she|it|they|there|we|I)\s(?!(?:the|a|an|as|to|in|at|and|for|with)\b)[\w’']+"
)
_TOLD = re.compile(rf"[^.!?;]{{0,60}}\s{_THAT_WORD}|[^.!?;]{{0,60}}[:,]\s*(?:[A-Z]|{MASK})|\s(?:him|her|them|me|us|\w+)\s(?:he|she|it|they)\s")
_BARE = re.compile(rf"\s[^.!?;:,\x01]{{2,50}}?\s{_FINITE}\b")
_NEEDS_THAT = frozenset("wrote added agreed agrees reported suggested suggests thought proposed recommended asked".split())
_TELLS = frozenset("told tells tell asked asks ask telling reminded".split())
_INSERTED = re.compile(r"\s*(?:[,)]|\.|$|(?:on|in|at|last|this|yesterday|today)\b)")
_PASSIVE = re.compile(r"(?:\b(?:is|are|was|were|be|been|being|it(?:[’']s)?)\s+(?:\w+ly\s+|also\s+|often\s+)?)$")


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody says something: a verb of speech with its subject.

    Attributes:
        start, end: character offsets of subject and verb together, in the text given.
        subject: the subject's words as they stand.
        subject_start: offset of the subject.
        verb: the verb, lower case; "according" for "according to X".
        reports: whether the sentence itself, outside any quotation, carries what is said.
        own_clause: whether the verb has a clause ("that …") of its own.
    """

    start: int
    end: int
    subject: str
    subject_start: int
    verb: str
    reports: bool
    own_clause: bool


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() and (self.lower not in COMMON or self.lower in {"today", "sunday"})


def find_reports(sentence: str) -> list[Report]:
    """Returns the reports in a sentence whose quotations are masked, in order of their verbs."""
    found = [*_phrases(sentence)]
    tokens: list[_Token] = []
    for match in _VERB.finditer(sentence):
        if not tokens:
            tokens = [_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(sentence)]
        report = _report(sentence, tokens, match)
        if report:
            found.append(report)
    return sorted(found, key=lambda report: report.start)


def _phrases(sentence: str) -> list[Report]:
    """Returns the reports made by "according to X", "stated by X" and "in X's words"."""
    found = []
    for match in _ACCORDING.finditer(sentence):
        tokens = [
            _Token(m.group(), m.start() + match.end(), m.end() + match.end())
            for m in _TOKEN.finditer(sentence[match.end() : match.end() + 120])
        ]
        span = _noun_after(tokens, 0)
        phrase = match.group().strip().lower()
        if span and sentence[span[0] : span[1]].lower() not in {"it", "which"} and _speaks(sentence[span[0] : span[1]]):
            subject = sentence[span[0] : span[1]]
            by = phrase.endswith(" by")
            reports = not by or bool(re.search(r"\b[Aa]s (?:\w+ )?$", sentence[: match.start()])) or MASK in sentence
            found.append(Report(match.start(), span[1], subject, span[0], "according", reports, False))
    for match in _WORDS_OF.finditer(sentence):
        subject = re.sub(r"[’']s?$", "", match.group(1))
        found.append(Report(match.start(), match.end(), subject, match.start(1), "according", True, False))
    return found


def _report(sentence: str, tokens: list[_Token], match: re.Match[str]) -> Report | None:
    """Returns the report that one verb makes, None if it makes none."""
    verb = match.group().lower()
    index = next((i for i, token in enumerate(tokens) if token.start == match.start()), None)
    if index is None or _PASSIVE.search(sentence[: match.start()]) or sentence.startswith(" by ", match.end()):
        return None
    inverted = _inverted(sentence, tokens, index)
    span = inverted or _subject_before(tokens, index)
    if not span or span[0] == span[1]:
        return None
    subject = sentence[span[0] : span[1]].replace(MASK, "").strip()
    if not subject or subject.lower() in {"there", "that", "which", "what", "this"} or not _speaks(subject):
        return None
    if verb in _BASE and not inverted and not _is_plural(subject):
        return None
    if (inverted or verb in _TAG_ONLY) and MASK not in sentence and not (inverted and sentence[: match.start()].rstrip().endswith(",")):
        return None
    own = _has_clause(sentence, verb, match.end())
    reports = own or (verb in _SAY and _has_object(sentence, match.end()))
    if verb in _NAMING:
        reports = bool(re.match(r"\s[^\x01.!?;]{2,80}\x01", sentence[match.end() :]))
    elif verb in _TAG_ONLY:
        reports = False
    elif verb in _SAY | _THAT and not inverted:
        before = sentence[: span[0]].rstrip()[-1:]
        inserted = before in {",", MASK} or re.search(r"\b[Aa]s$", sentence[: span[0]].rstrip()) is not None
        reports = reports or (inserted and _INSERTED.match(sentence, match.end()) is not None)
    start, end = min(span[0], match.start()), max(span[1], match.end())
    return Report(start, end, subject, span[0], verb, reports, own)


def _speaks(subject: str) -> bool:
    """Returns whether a subject can speak, as far as its head noun tells: people and publications, not theories."""
    head = re.split(r"\s(?:of|used|in|by|for|on)\s", subject)[0]
    return _THINGS.search(head) is None and not re.search(r"\bstud(?:y|ies)$", head)


def _is_plural(subject: str) -> bool:
    """Returns whether a subject is plural, as far as its last word tells."""
    words = subject.lower().split()
    return words[-1].endswith("s") or " and " in subject or words[0] in {"they", "we", "i", "you", "who", "some", "many", "people", "most"}


def _has_clause(sentence: str, verb: str, end: int) -> bool:
    """Returns whether a verb that ends at `end` has a clause of its own, outside any quotation."""
    if verb in _TELLS:
        found = _TOLD.match(sentence, end)
    else:
        found = _CLAUSE.match(sentence, end) or (_BARE.match(sentence, end) if verb not in _NEEDS_THAT else None)
    return found is not None and MASK not in found.group()


def _has_object(sentence: str, end: int) -> bool:
    """Returns whether something is said: more than an adverb follows the verb, and it is no infinitive."""
    rest = sentence[end:].strip()
    return bool(re.match(r"[,:]?\s*[\w\x01\"“‘(]", rest)) and not re.match(r"(?:to|goodbye|nothing|so|yes|no)\b", rest)


def _inverted(sentence: str, tokens: list[_Token], index: int) -> tuple[int, int] | None:
    """Returns the subject behind the verb where a quotation or a comma stands before it: '…," said the king'."""
    before = index - 1
    if before >= 0 and tokens[before].lower in {"then", "thus", "so"}:
        before -= 1
    if before < 0 or tokens[before].text[0] == MASK:
        return _noun_after(tokens, index + 1)
    if tokens[before].text not in {",", "-", "—", "–"}:
        return None
    span = _noun_after(tokens, index + 1)
    quoted = before >= 1 and tokens[before - 1].text[0] == MASK
    if span is None or quoted:
        return span
    ends = re.match(r"\s*(?:[,.;:]|$|who\b|in\b|on\b|at\b|after\b)", sentence[span[1] :])
    return span if ends and sentence[span[0]].isupper() else None


def _noun_after(tokens: list[_Token], index: int) -> tuple[int, int] | None:
    """Returns the span of the noun phrase that begins at a token."""
    while index < len(tokens) and ((tokens[index].lower.endswith("ly") and not tokens[index].is_name) or tokens[index].lower in {"both", "also", "then"}):
        index += 1
    if index >= len(tokens) or not tokens[index].is_word:
        return None
    first = tokens[index]
    if first.lower in _PRONOUNS:
        return first.start, first.end
    if first.lower in _PREPOSITIONS or first.lower in _BREAKS - {"that"} or first.text[0].isdigit():
        return None
    last = index
    determined = first.lower in _DETERMINERS
    limit = index + 8
    if NATIONALITY.match(first.text):
        determined = any(token.is_name for token in tokens[index + 2 : index + 5]) and not tokens[index + 1].is_name
    for position in range(index + 1, min(len(tokens), limit)):
        token, previous = tokens[position], tokens[position - 1]
        linked = token.lower == "of" and (determined or previous.is_name)
        linked = linked or (previous.lower == "of" and token.lower in _DETERMINERS)
        if token.text in {"'", "’"} or linked:
            last = position
        elif token.is_name or (determined and token.is_word and not _stops(token, previous)):
            last = position
        else:
            break
    if not determined and not first.is_name:
        plural = first.lower.endswith("s") or first.lower in {"people", "others", "some"}
        return (first.start, first.end) if plural and len(first.text) > 3 else None
    return first.start, tokens[last].end


def _stops(token: _Token, previous: _Token) -> bool:
    """Returns whether a noun phrase cannot go on with this word."""
    word = token.lower
    after_noun = previous.lower not in _DETERMINERS
    ends = word in _PREPOSITIONS or word in _BREAKS or word in _PRONOUNS or word in _DETERMINERS
    return ends or word in _VERBAL or (after_noun and (word.endswith("ly") or word.endswith(("ing", "ed")) or word in VERBS))


def _subject_before(tokens: list[_Token], index: int) -> tuple[int, int] | None:
    """Returns the span of the subject in front of a verb."""
    position = index - 1
    while position >= 0 and _BETWEEN.match(tokens[position].text):
        position -= 1
    if position < 0:
        return None
    token = tokens[position]
    if tokens[index].lower in _PARTICIPLES or tokens[index].lower.endswith("ing"):
        return _clause_subject(tokens, index)
    if token.lower == "to" and tokens[index].lower not in {"said"}:
        return None
    if token.lower == "who":
        position -= 1
        while position >= 0 and tokens[position].text == ",":
            position -= 1
        return _noun_before(tokens, position, relative=True)
    if token.lower in _PRONOUNS or token.lower in {"everyone", "everybody", "someone", "somebody", "nobody"}:
        return token.start, token.end
    if token.lower in _DETERMINERS - _ALONE:
        return None
    if token.text[0] == MASK or token.text in ":;.!?":
        return None
    if token.text in {",", ")", "—", "–"}:
        return _past_apposition(tokens, position)
    if token.lower in {"and", "but", "or", "then"}:
        return _clause_subject(tokens, position)
    return _noun_before(tokens, position)


def _past_apposition(tokens: list[_Token], position: int) -> tuple[int, int] | None:
    """Returns the subject in front of an insertion that ends at a token: "Petkov, who is 34, said"."""
    opening = {",": ",", ")": "(", "—": "—", "–": "–"}[tokens[position].text]
    for earlier in range(position - 1, max(-1, position - 40), -1):
        if tokens[earlier].text == opening:
            inside = tokens[earlier + 1 : position]
            inside = inside[: next((i for i, word in enumerate(inside) if word.text == "("), len(inside))]
            if opening == "," and 0 < len(inside) < 5 and all(word.is_name for word in inside):
                return inside[0].start, inside[-1].end
            found = _noun_before(tokens, earlier - 1)
            if found and not (earlier and tokens[earlier - 1].text[0].isdigit()):
                return found
        if (tokens[earlier].text in ".;:!?" and opening != "(") or tokens[earlier].text[0] == MASK:
            break
    return _clause_subject(tokens, position)


def _clause_subject(tokens: list[_Token], position: int) -> tuple[int, int] | None:
    """Returns the subject of the clause that the token at `position` stands in: its first noun without preposition."""
    start = position
    while start > 0 and tokens[start - 1].text not in {".", ";", ":", "!", "?"}:
        quoted = tokens[start - 1].text[0] == MASK
        if quoted and tokens[start].lower not in {"and", "but", "or", ",", "as", "in", "to"}:
            break
        start -= 1
    for earlier in range(start, position):
        token = tokens[earlier]
        before = tokens[earlier - 1].lower if earlier > start else ""
        if token.lower in {"he", "she", "they", "i", "we"}:
            return token.start, token.end
        if token.lower in {"this", "these", "those"} and not (earlier + 1 < position and tokens[earlier + 1].lower.endswith("s")):
            continue
        starts_noun = token.lower in _DETERMINERS - {"that"} or (token.is_name and not (before and before[0].isdigit()))
        if starts_noun and before not in _PREPOSITIONS and not (earlier > start and tokens[earlier - 1].is_name):
            found = _noun_after(tokens, earlier)
            if found and not _in_phrase(tokens, start, earlier):
                return found
    return None


def _in_phrase(tokens: list[_Token], start: int, position: int) -> bool:
    """Returns whether a preposition stands before a token with no comma or verb between: "in the old town"."""
    for earlier in range(position - 1, max(start - 1, position - 4), -1):
        if tokens[earlier].lower in _PREPOSITIONS:
            return True
        if not tokens[earlier].is_word or tokens[earlier].lower in VERBS or tokens[earlier].lower in _BREAKS:
            return False
    return False


def _noun_before(tokens: list[_Token], position: int, relative: bool = False) -> tuple[int, int] | None:
    """Returns the span of the noun phrase that ends at a token, with what hangs on it by "of", "for" or "from"."""
    if position < 0 or not tokens[position].is_word or tokens[position].lower in _PREPOSITIONS | _BREAKS:
        return None
    end = tokens[position].end
    start = _phrase_start(tokens, position)
    if start is None:
        return None
    name_end = end
    if relative and tokens[position].is_name and (start < position or tokens[start - 1].lower != "of"):
        return tokens[start].start, end
    while start >= 2 and tokens[start - 1].lower in {"of", "for", "from", "at", "with", "in", "on"}:
        head = _phrase_start(tokens, start - 2)
        if head is None or (tokens[start - 2].is_name and start - 2 == 0 and tokens[start - 2].lower in _PREPOSITIONS):
            break
        if tokens[head].is_name and not tokens[head].lower in _DETERMINERS and tokens[start - 2].is_name:
            name_end = tokens[start - 2].end
        else:
            name_end = end
        start = head
    if start >= 2 and tokens[start - 1].lower == "to" and tokens[start - 2].is_name and tokens[start].is_name:
        head = _phrase_start(tokens, start - 2)
        start = start if head is None else head
    elif start >= 1 and tokens[start - 1].lower in {"in", "on", "by", "than", "to"} and not relative:
        return None
    return tokens[start].start, name_end


def _phrase_start(tokens: list[_Token], position: int) -> int | None:
    """Returns the index of the first token of the noun phrase that ends at `position`, None if there is none."""
    token = tokens[position]
    if not token.is_word or token.text[0].isdigit():
        return None
    first = position
    if token.is_name:
        while first > 0 and (
            tokens[first - 1].is_name
            or (tokens[first - 1].text in {"'s", "’s"} and first > 1 and tokens[first - 2].is_name)
            or tokens[first - 1].lower in {"de", "von", "van", "al", "bin", "la", "el", "di"}
            or (tokens[first - 1].lower in {"and", "of"} and first > 1 and tokens[first - 2].is_name)
        ):
            first -= 1
        if first > 0 and tokens[first - 1].lower in _DETERMINERS:
            first -= 1
        lowered = first
        while lowered > 0 and tokens[lowered - 1].is_word and first - lowered < 4:
            lowered -= 1
            if tokens[lowered].lower in _DETERMINERS:
                between = tokens[lowered + 1 : first]
                return lowered if not any(t.lower in _PREPOSITIONS | _BREAKS | VERBS for t in between) else first
            if tokens[lowered].lower in _PREPOSITIONS | _BREAKS | VERBS:
                break
        return first
    for earlier in range(position, max(-1, position - 6), -1):
        word = tokens[earlier]
        if word.text in {"'s", "’s"}:
            continue
        if not word.is_word or (word.lower in _PREPOSITIONS | _BREAKS - {"that"} and earlier != position):
            first = earlier + 1
            if word.lower in {"of", "for"} and token.lower.endswith("s"):
                return first
            break
        first = earlier
        if word.lower in _DETERMINERS:
            return first if first < position or word.lower in _ALONE else None
    clause_start = first == 0 or tokens[first - 1].text in {",", ";", ":", "(", "—"} or tokens[first - 1].lower in _BREAKS
    plural = token.lower.endswith("s") or token.lower in {"people", "others", "some", "many"}
    return first if clause_start and plural and position - first < 4 else None
