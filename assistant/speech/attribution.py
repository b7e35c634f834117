"""Quotations -> whose words each is: by a tag beside it, by what introduces it, or by the one that it goes on from.

Five things tell, in this order: a tag in front that leads to the quotation, "Orr said: …"; a tag behind it, "…," said Orr; a
line of its own, "— Lee Orr, lawyer"; any other tag in front; and what went before. A quotation without a tag goes on with
the last speaker of its paragraph, unless the sentence in front of it is about somebody else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from assistant.articles.sentences import Sentence
from assistant.english.noun_phrases import MASK
from assistant.speech.people import Cast
from assistant.speech.quotations import Quotation
from assistant.speech.tags import Tag

_MAX_TAG_GAP = 80
_MAX_BETWEEN = 600  # characters between a quotation and the one it may go on from
_MAX_SENTENCES = 3  # between them
_MAX_FRAGMENTS = 5
_MENTION = 3  # words, in no sentence of their own, are no statement
_ENDS_SPEECH = re.compile(r"[,.!?…—–-][\s'’”\"]*$")
_STOPPED = re.compile(r"(?<!\W)(?=[^\w.]*\.)\W*+$")
_INTRODUCES = re.compile(r"[,:—–]\s*$")
# Between a quotation and who says it: '…," and the secretary, Tom Hargreaves, said', '…," chief executive Lee Orr said'.
_GAP = re.compile(
    r"[\s,—–-]*(?:(?:then|and|but|as|so)\s+|(?:(?:That|So|This)(?:,\s[^,.\x01]{2,20},)?\s)?(?:is|was)\s(?:how|what)\s)?"
    r"(?:(?:the|an?|its|his|her|their|[A-Z]\w{1,30}[’']s?)\s[^,.;:!?\x01]{2,60}(?:,|\sas|\snamed|\scalled)\s)?"
    r"(?:(?!is\b|was\b|that\b|which\b|who\b|when\b|as\b|how\b|what\b|if\b)[a-z][\w’'-]{0,20}\s){0,6}"
)
# Nothing of its own is told by a tag behind a full stop: '“It is late.” Orr told us.'
_BARE = re.compile(
    r"\s*+(?:(?:us|me|him|her|them|so|(?:\w+ )?reporters|again|later|afterwards|yesterday|simply|[a-z]+ly|himself|herself)\b\s*+){0,2}"
    r"(?:[.,;:!?—–\x01\n]|$|(?:in|on|at|with|from|after|before|when|while|as|during|through|by)\s(?!that\b)[^.!?\x01]{1,80}[.!?,])"
)
_LEADS_ON = re.compile(r"[^.!?\n\x01]{0,60}[,:]\s\x01")
_AND = re.compile(r",?\s(?:and|or|but|then|and then)\s(?:that\s|as\s|also\s)?")
# What a whole statement ends with, or what follows it.
_WHOLE = re.compile(r"[.!?…,—–-][\s'’”\"]*$")
_AFTER_WHOLE = re.compile(r"\s*(?:[.!?]|\n|$|\x01|[A-Z])")
# Where a quotation opens a sentence of its own.
_OPENS = re.compile(r"(?:^|[.!?…][\s”’\"')\]]{0,6}|\n\s{0,6}|\x01\s{0,6}|>\s{0,6})$")
# A line that says who: "— Dana Reed, lawyer".
_LINE = re.compile(
    r"[ \t]*(?:\n[ \t]*){0,2}(?:[—–―]|--?(?=[ \t]))[ \t]*(?P<who>(?!(?:said|says|asked|told|wrote)\b)[^\W\d_a-z][^\n\x01]{1,90})(?=\n|$)"
)
_SPEAKER_OF_LINE = re.compile(r"[^,(;]{2,60}")


class Attribution:
    """Whose words the quotations of an article are.

    Args:
        text: the article's text.
        masked: the same with every quotation overwritten.
        quotations: those that may be speech, in order.
        tags: every report, in order.
        cast: the people of the article.
        sentences: all its sentences, in order.
    """

    def __init__(
        self,
        text: str,
        masked: str,
        quotations: Sequence[Quotation],
        tags: Sequence[Tag],
        cast: Cast,
        sentences: Sequence[Sentence],
    ) -> None:
        self._text = text
        self._masked = masked
        self._quotations = quotations
        self._tags = tags
        self._cast = cast
        self._sentences = sentences
        self._tag_starts = [tag.start for tag in tags]
        self._sentence_starts = [sentence.start for sentence in sentences]

    def speakers(self) -> list[str]:
        """Returns the speaker of each quotation, "" where nobody can be told."""
        speakers: list[str] = []
        for index, quotation in enumerate(self._quotations):
            speaker = self._tagged(quotation)
            if not speaker:
                speaker = self._carried(index, speakers)
            speakers.append(speaker)
            back = index
            # Without a speaker there is nothing to hand back; going back all the same would take the square of the time.
            while speaker and back and self._quotations[back].continues and not speakers[back - 1]:
                back -= 1
                speakers[back] = speaker
        return speakers

    def _tagged(self, quotation: Quotation) -> str:
        """Returns who is said beside a quotation to speak it."""
        before = self._before(quotation)
        if before and _INTRODUCES.search(self._masked, max(0, quotation.start - 3), quotation.start):
            return before
        after, capital = self._after(quotation)
        if capital and before and not self._opens(quotation):
            return before  # 'Orr told the court “It was dark.” Hill asked in a low voice.'
        return after or self._line(quotation) or before

    def _opens(self, quotation: Quotation) -> bool:
        """Returns whether a quotation begins a sentence."""
        return (
            _OPENS.search(self._masked, max(0, quotation.start - 12), quotation.start) is not None
            or not quotation.start
        )

    def _after(self, quotation: Quotation) -> tuple[str, bool]:
        """Returns the speaker of a tag right behind a quotation, '…," said X', and whether it begins a sentence."""
        text, masked = self._text, self._masked
        ends = _ENDS_SPEECH.search(text, max(quotation.start, quotation.end - 5), quotation.end - 1) or masked[
            quotation.end : quotation.end + 2
        ].lstrip().startswith((",", "—", "–"))
        near = text[max(0, quotation.start - 2) : quotation.start]
        whole = not near.strip() or near[:1] in '.!?"”'
        position = bisect_left(self._tag_starts, quotation.end)
        if not quotation.closed or not (ends or whole) or position == len(self._tags):
            return "", False
        tag = self._tags[position]
        if not _GAP.fullmatch(masked, quotation.end, tag.start):
            return "", False
        short = re.match(r"[^.!?\x01]{0,30}[.!?,]|$", masked[tag.end : tag.end + 40])
        if not ends and not short and not self._verb_first(tag):
            return "", False
        capital = re.match(r"\s*[A-Z]", masked[quotation.end : tag.start + 1]) is not None
        stopped = _STOPPED.search(text[quotation.end - 4 : quotation.end]) is not None
        leads_on = _LEADS_ON.match(masked, tag.end) is not None  # '“It is late.” Orr added: “Go.”'
        if capital and stopped and (tag.report.own_clause or leads_on or not _BARE.match(masked, tag.end)):
            return "", False
        mid = re.search(r"[\w’']\s$", near)
        return ("" if tag.report.own_clause and mid else tag.speaker), capital and stopped

    def _verb_first(self, tag: Tag) -> bool:
        """Returns whether a tag begins with its verb: 'said X'."""
        return self._masked.startswith(tag.report.verb, tag.start)

    def _before(self, quotation: Quotation) -> str:
        """Returns the speaker of a tag in front of a quotation: 'X said: "…'."""
        position = bisect_left(self._tag_starts, quotation.start) - 1
        if position < 0:
            return ""
        tag = self._tags[position]
        if tag.report.verb == "introduces" and self._is_mention(quotation):
            return ""
        gap = self._masked[tag.end : quotation.start]
        leads = gap.endswith((": ", ":")) and len(gap) <= 4 * _MAX_TAG_GAP  # whatever is quoted on the way to the colon
        if (
            (not leads and (len(gap) > 2 * _MAX_TAG_GAP or MASK in gap))
            or re.search(r"[.!?;]\s", gap)
            or ("\n\n" in gap and not gap.rstrip().endswith(":"))
        ):
            return ""
        if re.search(r"[,:—–]\s*$|\b(?:that|as|it|him|her|them|was|is|a|an|the|of)\s*$", gap) or len(gap) <= 2:
            return tag.speaker
        return tag.speaker if tag.report.reports or self._is_told(tag, gap) else ""

    def _is_told(self, tag: Tag, gap: str) -> bool:
        """Returns whether only who is told stands before a quotation: 'X told the court “…'."""
        return tag.report.verb in {"told", "tells", "asked", "asks"} and len(gap.split()) <= 5

    def _line(self, quotation: Quotation) -> str:
        """Returns who is named on a line of its own, or at the end of the quotation's: '“…” — Dana Reed, lawyer'."""
        match = _LINE.match(self._masked, quotation.end)
        if match is None or not self._opens(quotation):
            return ""
        who = _SPEAKER_OF_LINE.match(match["who"])
        return self._cast.names.named(who.group().strip(" .")) if who else ""

    def _carried(self, index: int, speakers: Sequence[str]) -> str:
        """Returns who goes on in a quotation without a tag."""
        quotation = self._quotations[index]
        last = self._quotations[index - 1] if index else None
        speaker = speakers[-1] if speakers else ""
        if quotation.continues:
            return speaker
        speaker = speaker or self._before_fragments(index, speakers)
        if not self._opens(quotation):
            return speaker if last and self._is_split(last, quotation, speaker) else ""
        if self._is_mention(quotation) or not self._is_whole(quotation):
            return ""
        since = max(last.end if last else 0, quotation.start - _MAX_BETWEEN)
        paragraph, _, local = self._masked[since : quotation.start].rpartition("\n")
        fresh = bool(_) or last is None or last.end < since
        if not local.strip():
            return self._turn(index, speakers) or self._reported(quotation, paragraph) if fresh else speaker
        return self._told_of(quotation, quotation.start - len(local), "" if fresh else speaker)

    def _before_fragments(self, index: int, speakers: Sequence[str]) -> str:
        """Returns who spoke before in the paragraph where only parts of sentences, which nobody may have said, came since."""
        for back in range(index - 1, max(-1, index - _MAX_FRAGMENTS), -1):
            if speakers[back] or self._opens(self._quotations[back]):
                return speakers[back]
            if back and "\n" in self._masked[self._quotations[back - 1].end : self._quotations[back].start]:
                return ""
        return ""

    def _is_split(self, last: Quotation, quotation: Quotation, speaker: str) -> bool:
        """Returns whether "and", or the tag of one sentence, is all between two parts of it: '“Yes,” Orr said; “it is.”'."""
        gap = self._masked[last.end : min(quotation.start, last.end + 2 * _MAX_TAG_GAP + 1)]
        if _AND.fullmatch(gap):
            return True
        tag = self._last_tag(last.end, quotation.start)
        return bool(
            tag and tag.speaker == speaker and len(gap) <= 2 * _MAX_TAG_GAP and not re.search(r"[.!?](?=\s)|\n", gap)
        )

    def _is_whole(self, quotation: Quotation) -> bool:
        """Returns whether a quotation that begins a sentence also ends one: not '“Big Sky” is a song'."""
        ends = _WHOLE.search(self._text, max(quotation.start, quotation.end - 5), quotation.end - quotation.closed)
        return ends is not None or _AFTER_WHOLE.match(self._masked, quotation.end) is not None

    def _is_mention(self, quotation: Quotation) -> bool:
        inner = self._text[quotation.start + 1 : quotation.end - quotation.closed].strip()
        return len(inner.split()) <= _MENTION and not inner.endswith((".", "!", "?", "…"))

    def _sentence_at(self, offset: int) -> int:
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def _told_of(self, quotation: Quotation, start: int, speaker: str) -> str:
        """Returns who speaks where the article's own words stand in front: whom the last sentence is about, else the last speaker.

        Args:
            quotation: a whole one, without a tag.
            start: where those words begin, in the paragraph.
            speaker: who spoke before in it, "" if nobody did.
        """
        end = len(self._masked[start : quotation.start].rstrip()) + start
        final, first = self._sentence_at(end - 1), self._sentence_at(start)
        tag = self._last_tag(start, quotation.start)
        if tag is not None and tag.sentence == final:
            told = [one.speaker for one in self._tags_between(start, quotation.start) if one.sentence == final]
            return next((one for one in reversed(told) if one), "")
        for number, position in enumerate(range(final, first - 1, -1)):
            if number == _MAX_SENTENCES:
                return ""
            about = self._cast.opening(position, max(start, self._sentences[position].start), self._tags)
            if about is None:
                if tag is not None and tag.sentence == position - 1:
                    return tag.speaker
                continue
            return "" if about and speaker and about != speaker else about or speaker
        return speaker

    def _tags_between(self, start: int, end: int) -> Sequence[Tag]:
        return self._tags[bisect_left(self._tag_starts, start) : bisect_left(self._tag_starts, end)]

    def _last_tag(self, start: int, end: int) -> Tag | None:
        position = bisect_left(self._tag_starts, end) - 1
        return self._tags[position] if position >= 0 and self._tag_starts[position] >= start else None

    def _reported(self, quotation: Quotation, paragraph: str) -> str:
        """Returns who is reported at the end of the paragraph before, where a statement follows alone in the next."""
        said = self._text[quotation.start : quotation.end]
        if not paragraph.strip() or "?" in said or len(said.split()) < 5 or paragraph.rstrip().endswith(MASK):
            return ""
        end = (
            quotation.start
            - len(self._masked[max(0, quotation.start - 40) : quotation.start])
            + len(self._masked[max(0, quotation.start - 40) : quotation.start].rstrip())
        )
        tag = self._last_tag(end - min(len(paragraph), 300), quotation.start)
        ours = tag is not None and tag.sentence == self._sentence_at(end - 1) and tag.report.reports
        return tag.speaker if tag and ours else ""

    def _turn(self, index: int, speakers: Sequence[str]) -> str:
        """Returns who speaks in turn: the one before the last, where two speak in paragraphs that follow each other."""
        if index < 2 or not speakers[-1] or not speakers[-2] or speakers[-1] == speakers[-2]:
            return ""
        gaps = [self._masked[self._quotations[i - 1].end : self._quotations[i].start] for i in (index - 1, index)]
        return speakers[-2] if all("\n" in gap and len(gap) < _MAX_TAG_GAP for gap in gaps) else ""
