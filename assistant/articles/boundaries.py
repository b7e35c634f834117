"""One paragraph -> where its sentences begin.

nupunkt proposes, this file corrects what a general segmenter gets wrong: quotations and the tags that follow them, list
marks, titles and initials, reference numbers, tokenised text, casual lower case, and scripts other than Latin.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

Proposer = Callable[[str], list[int]]

_OPEN = "\"'“‘«‹(\\[¿¡„‚`"
_CLOSE = "\"'’”»›)\\]⁰¹²³⁴⁵⁶⁷⁸⁹"  # a raised figure leads to a note
_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁΑ-ΩԱ-Ֆ"
_SAID = (
    "said|says|say|asked|asks|cried|replied|answered|whispered|shouted|added|told|called|exclaimed|muttered|murmured|"
    "continued|remarked|observed|demanded|snapped|growled|screamed|yelled|inquired|returned|laughed|sighed|wrote|joked|"
    "began|repeated|insisted|gasped|groaned|roared|wondered|thought|declared|stammered|explained|responded"
)
# Words that begin sentences: after them even "U.S." or "p.m." has ended one.
_STARTERS = (
    "The|This|That|These|Those|It|Its|He|She|They|We|You|I|His|Her|Their|Our|My|There|Here|In|On|At|By|For|From|After|"
    "Before|When|While|Since|Although|Though|However|But|And|Or|If|As|An|A|Is|Was|Are|Were|Do|Did|Does|What|Who|Why|How|"
    "Where|Another|Other|Some|Many|Most|All|No|Not|Nobody|Then|Thus|Yet|So|With|Under|During|Until|Both|Each|Another"
)
# A name follows a title: no sentence ends at one.
_TITLES = frozenset(
    "mr mrs ms mx dr prof st ste lt col gen capt cpt cmdr sgt cpl maj adm brig rev hon gov sen rep pres messrs mme mlle "
    "supt insp mt ft rt v vs cf e.g eg i.e ie viz attn pron lit".split()
)
# What these abbreviate follows them, unless the next word is one that begins sentences.
_NEED_MORE = frozenset(
    "fig figs sect sects chap app tab eq eqs art arts vol vols pp ca approx syn rs sec secs para paras ch cl incl excl esp resp dept univ suppl "
    "sched jan feb mar apr jun jul aug sept oct nov dec".split()
)
# These may end a sentence, but do not before a number or a parenthesis.
_MAY_END = frozenset(
    "etc jr sr inc ltd co corp bros ed eds ext tel ref refs var sp spp subsp trans repr orig min max sq mi lb lbs oz hr hrs "
    "yr yrs mo mos wk wks yd km cm mm kg dist est cap pt pts no nos pers comm p c d b r s n q a.m p.m a.k nat hist n.b "
    "ibid op loc seq ff al cir reg".split()
)
# A letter behind one of these is a label and no initial: after "size S." a sentence has ended.
_LABELLED = re.compile(
    r"\b(?:[Ss]izes?|[Pp]lan|[Vv]itamin|[Tt]ype|[Gg]rade|[Gg]roup|[Cc]lass|[Oo]ption|[Aa]ppendix|[Aa]nnex|[Pp]art|[Ss]chedule|[Ee]xhibit|"
    r"[Tt]erminal|[Gg]ate|[Rr]oom|[Zz]one|[Ll]evel|[Cc]ategory|[Ss]eries|[Tt]eam|[Pp]oint|[Ll]ine|[Bb]lock|[Uu]nit|[Mm]odel|[Vv]ersion|"
    r"[Hh]epatitis|[Hh]all|[Pp]latform|[Ll]ane|[Ss]ection|[Tt]able|[Ff]igure|[Ff]orm|[Ll]etter|[Bb]and|[Ww]ing|[Ff]rom A to) [A-Z] ?\.\s*$"
)
# A firm's name goes on behind its mark: "Yahoo! Inc."
_FIRM = re.compile(r"(?:Inc|Ltd|Corp|Co|LLC|LLP|PLC|plc|GmbH|AG|SA|Group|Holdings)\b")
# Nothing but a time, before the sentence that it is told of: "At 5 a.m. Anna went to the mill."
_FRONTED = re.compile(
    r"[\"'“‘(]?(?:At|By|Around|About|Before|After|Until|From|Since|On|Between|Shortly|Just|Every|Each|Today|Yesterday|Tomorrow|This|That)"
    r"(?: (?:\d[\d:.]*|[ap]\.m\.|about|around|after|before|at|by|and|to|of|the|same|next|past|exactly|nearly|almost|shortly|just|half|day|"
    r"morning|evening|afternoon|night|[A-Z][a-z]+day|[A-Z][a-z]{2,8})){0,7} ?[ap]\.m\.\s*$"
)
_STRONG = re.compile(rf"(?<![!?…])[!?…][!?.…]*[{_CLOSE}]*\s+(?=[{_OPEN}]*[{_UPPER}])")
_LOWER_WORD = re.compile(rf"(?:(?<=[a-zà-ÿ]{{2}})|(?<=[A-Z]{{3}}))\.[{_CLOSE}]*\s+(?=[{_OPEN}]*[{_UPPER}0-9])")
_STARTER = re.compile(rf"\.[{_CLOSE}]*\s+(?=[{_OPEN}]*(?:{_STARTERS})\b[^.])")
_FOOTNOTE = re.compile(rf"(?<=[a-z]{{2}})[.!?][{_CLOSE}]*\d{{1,2}}\s+(?=[{_OPEN}]*[{_UPPER}])")
_RAISED = re.compile(rf"[.!?][\"'’”»›)\]]*+[⁰¹²³⁴-⁹]{{1,3}}\s+(?=[{_OPEN}]*[{_UPPER}])")
_GLUED = re.compile(r"(?<=[a-z]{2})[.!?]+(?=[A-Z][a-z]*[ ,])")
_LETTER_CLOSED = re.compile(rf"(?<= [A-Z])\.[\"”’]+\s+(?=[{_OPEN}]*[{_UPPER}])")
_OTHER_STOP = re.compile(rf"[؟۔।॥։።][{_CLOSE}]*\s+")
_CJK = re.compile(r"[。！？｡]+[」』”’）》】\"']*(?=\S)")
_CJK_TAG = re.compile(r"と|って|、|，|,|.{0,6}[说說道问問喊答叫]")
_CASUAL = re.compile(rf"(?<=[a-z]{{2}})[.!?]+[{_CLOSE}]*\s+(?=[a-z])")
_PROPER = re.compile(rf"[.!?][{_CLOSE}]*\s+(?=[{_OPEN}]*[{_UPPER}])")
_TAG = re.compile(
    rf"(?!(?:No|Nobody|None|Neither|Nothing)\b)(?:(?:[{_UPPER}][\w.’'-]*|the|of|de|von|van|[a-z]+(?=\s+(?:{_SAID})\b))\s+){{1,4}}(?:{_SAID})\b"
)
_STARTS_ANEW = re.compile(rf"[{_OPEN}]*(?:{_STARTERS})\b[^.]")
_QUOTED_END = re.compile(r"[!?…,—-]\s?(?:[\"'’”»›]|'')+\s*$")
_QUOTED = re.compile(r"[\"'’”»›]\s*$")
_SIGNED = re.compile(rf"(?:[—–―]|--)\s?[{_UPPER}]")  # “We will appeal.” — Dana Reed, lawyer
_MARK_ONLY = re.compile(r"\W*+(?:(?:\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-z]|[ivxIVX]{1,5})\W*+)?$")
_LAST_WORD = re.compile(r"(?:^|[\s(\[\"'“‘])([^\W\d_][\w.]*) ?\.\s*$")
_INITIALS = re.compile(rf"(?:^|[\s(\[\"'“‘])(?:[{_UPPER}](?:\.[{_UPPER}])*+ ?\.\s?-?){{1,4}}\s*$")
_CLOCK = re.compile(
    r"(?<=[ap]\.m)\.\s+(?=[A-Z])(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b|Eastern|Pacific|Central|Mountain)"
)
_MANY_STOPS = re.compile(r"(?:[!?]{2}|\.{3})\s*$")
_ASKED = re.compile(r"\w[?]\s*$")
# Only from behind a word, so that a run of marks is gone through once.
_STOPPED = re.compile(r"(?<!\W)(?=[^\w.!?]*[.!?])\W*+$")
_FEET = re.compile(r"\d ?ft\.\s*$")
_DAY = re.compile(r"(?<![\w.,])\d{1,2}\.\s*$")
_OF_DATE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b|\d{1,2}\.(?!\d)")
_NEXT = re.compile(rf"\s+(?=[{_OPEN}]*[{_UPPER}])")
_REFERENCE = re.compile(r"\[\d")
_BLANK = re.compile(r"\s")
_STOPS = re.compile(r"[.!?…؟۔।॥։።。！？｡]+")
_ENDINGS = (_STRONG, _LOWER_WORD, _STARTER, _CLOCK, _FOOTNOTE, _RAISED, _LETTER_CLOSED, _OTHER_STOP, _GLUED)
_LONG_RUN = re.compile(r"(?<!\S)\S{2000,}+|[^\w\s]{20,}+")
_LEADING_CLOSE = re.compile(r"(?:''|[’”»›)\]⁰¹²³⁴-⁹]|'(?=\s|$))+\s*|(?:\[\d{1,3}\]\s*)+")
_NO_START = re.compile(r"[\"'’”»]*\s?[,;:%)\]}]|[^\w\s]*$")
_LOOSE_QUOTE = re.compile(r"\s(\")\s+$")
_MAX_PARENTHESIS = 150
_MAX_FRONTED = 60
_PAIRS = (('"', '"'), ("“", "”"), ("‘", "’"), ("«", "»"))
_MAX_IN_TITLE = 60
_SAYS = re.compile(rf"\b(?:{_SAID}|that)\W*$")


def propose(text: str) -> list[int]:
    """Returns nupunkt's sentence ends in `text`."""
    import nupunkt

    # nupunkt 0.8.0 takes quadratic time on a long run of stops, and on a long one of anything without a blank.
    plain = _LONG_RUN.sub(lambda run: run.group()[:3] + " " * (len(run.group()) - 3), text)
    return [end for _, end in nupunkt.sent_spans(plain)]


def sentence_starts(text: str, proposer: Proposer = propose) -> list[int]:
    """Returns the offsets in a paragraph at which sentences begin, the first 0; newlines count as spaces."""
    flat = _BLANK.sub(" ", text).rstrip()
    opening = {match.start() for match in islice(re.finditer('"', flat), 0, None, 2)}
    starts = [0]
    for cut in sorted(_candidates(flat, proposer)):
        if cut <= starts[-1]:
            continue
        cut = _settle(flat, cut, opening)
        if starts[-1] < cut < len(flat) and not _joins(flat, starts[-1], cut):
            starts.append(cut)
    return starts


def _candidates(flat: str, proposer: Proposer) -> set[int]:
    """Returns every offset that may begin a sentence."""
    stops = [match.start() for match in _STOPS.finditer(flat)]
    found: set[int] = set(proposer(flat)) if stops and stops[0] < len(flat) - 2 else set()
    for stop in stops:
        for pattern in _ENDINGS:
            match = pattern.match(flat, stop)
            if match:
                found.add(match.end())
        if _LABELLED.search(flat, max(0, stop - 24), stop + 1) and (after := _NEXT.match(flat, stop + 1)):
            found.add(after.end())
        cjk = _CJK.match(flat, stop)
        if cjk and (cjk.group()[-1] in "。！？｡" or not _CJK_TAG.match(flat, cjk.end())):
            found.add(cjk.end())
    lower = [match.end() for match in (_CASUAL.match(flat, stop) for stop in stops) if match]
    if flat[:1].islower() or len(lower) > len(found):
        found.update(cut for cut in lower if not _abbreviates(flat[max(0, cut - 40) : cut]))
    return found


def _settle(text: str, cut: int, opening: set[int]) -> int:
    """Returns `cut` moved behind the closing marks of the sentence before and ahead of the opening ones of the next."""
    loose = _LOOSE_QUOTE.search(text, max(0, cut - 4), cut)
    if loose:
        return loose.start(1) if loose.start(1) in opening else cut
    while text[cut : cut + 1] == " ":
        cut += 1
    match = _LEADING_CLOSE.match(text, cut)
    if match:
        return match.end()
    if text[cut : cut + 2] in ('" ', '"') and cut not in opening:
        return cut + 2
    return cut


def _abbreviates(left: str) -> bool:
    """Returns whether the text ends with an abbreviation, which may or may not end its sentence."""
    word = _LAST_WORD.search(left)
    return word is not None and word.group(1).lower() in _TITLES | _NEED_MORE | _MAY_END


def _joins(text: str, start: int, cut: int) -> bool:
    """Returns whether the text from `start` to `cut` and what follows are one sentence after all."""
    left = text[max(start, cut - 200) : cut]
    right = text[cut : cut + 80]
    if _NO_START.match(right) or (cut - start < 12 and _MARK_ONLY.match(left)):
        return True
    if right[0].islower() and not _casual_break(text, left):
        return True
    if _QUOTED_END.search(left) and _TAG.match(right):
        return True
    if _QUOTED.search(left) and _SIGNED.match(right):
        return True
    if _FIRM.match(right) and left.rstrip()[-1:] in "!?":
        return True
    if cut - start < _MAX_FRONTED and _FRONTED.match(left):
        return True
    return _in_parenthesis(text, start, cut) or _in_title(text, start, cut) or _abbreviated(left, right)


def _abbreviated(left: str, right: str) -> bool:
    """Returns whether the full stop before a cut belongs to an abbreviation that the next words go on from."""
    starts_anew = _STARTS_ANEW.match(right) is not None
    last = _LAST_WORD.search(left)
    word = last.group(1).lower() if last else ""
    if _DAY.search(left) and _OF_DATE.match(right):
        return True
    if (word in _TITLES and _FEET.search(left) is None) or (word in _NEED_MORE and not starts_anew):
        return True
    if word in _MAY_END and (right[0].isdigit() or right[0] == "(" or _REFERENCE.match(right)):
        return True
    if not right[0].isupper() or starts_anew:
        return False
    return _INITIALS.search(left) is not None and _LABELLED.search(left) is None


def _in_parenthesis(text: str, start: int, cut: int) -> bool:
    """Returns whether a cut lies inside a parenthesis that began within the sentence."""
    opened = text.rfind("(", max(start + 1, cut - _MAX_PARENTHESIS), cut)
    if opened < 0 or ")" in text[opened:cut]:
        return False
    closed = text.find(")", cut, cut + _MAX_PARENTHESIS)
    return closed >= 0 and text.find("(", cut, closed) < 0


def _in_title(text: str, start: int, cut: int) -> bool:
    """Returns whether a cut lies inside a short quotation that the sentence goes on behind: 'the film "Help! I Am a Fish" opened'."""
    for opening, closing in _PAIRS:
        opened = text.rfind(opening, max(start, cut - _MAX_IN_TITLE), cut)
        closed = text.find(closing, cut, cut + _MAX_IN_TITLE)
        if opened < 0 or closed < 0 or (opening == closing and text.count(opening, start, opened + 1) % 2 == 0):
            continue
        before, after = text[:opened].rstrip()[-1:], text[closed + 1 : closed + 3]
        if (
            closing in text[opened + 1 : cut]
            or opening in text[cut:closed]
            or not (before.isalnum() and after[:1] == " " and after[1:].islower())
        ):
            continue
        if _SAYS.search(text[max(start, opened - 20) : opened]) is None:
            return True
    return False


def _casual_break(text: str, left: str) -> bool:
    """Returns whether a sentence may end before a lower-case word: in text that writes its sentences so."""
    if _MANY_STOPS.search(left) is None and not text[0].islower():
        beginning = text[:2000]
        return bool(_ASKED.search(left)) and len(_CASUAL.findall(beginning)) > max(1, len(_PROPER.findall(beginning)))
    return bool(_STOPPED.search(left))
