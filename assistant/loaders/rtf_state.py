"""How text is written at a place of an RTF file, and where what is written there goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

# Groups that hold text of their own: what they are called here.
_DESTINATIONS = {
    "footnote": "note",
    "listtext": "marker", "pntext": "marker",
    "shptxt": "box", "dptxbxtext": "box",
    "fldrslt": "same", "shp": "same", "shpinst": "same", "do": "same", "object": "same", "result": "same", "field": "same",
    "ud": "same", "rtf": "text",
    "stylesheet": "style", "fonttbl": "font", "info": "info",
}  # fmt: skip
_SAID_IN_INFO = ("title", "author", "keywords", "creatim")
# Those that old readers know, and that hold nothing that is shown in the text.
_SKIPPED = frozenset(
    "colortbl pict fldinst header headerl headerr headerf footer footerl footerr footerf annotation atnid atnauthor ftnsep "
    "ftnsepc ftncn aftnsep aftnsepc aftncn xe tc objdata objclass objname listtable listoverridetable revtbl rsidtbl generator "
    "filetbl nonshppict private upr template nonesttables pn pnseclvl themedata colorschememapping datastore latentstyles "
    "bkmkstart bkmkend shprslt nesttableprops formfield txe rxe bxe ixe passwordhash sp".split()
)


@dataclass(slots=True)
class State:
    """How text is written in a group.

    Attributes:
        destination: where it goes: "text", "note", "box", "marker" of an item, "style", "font", a property's name, "skip".
        font: the number of its font.
        n_fallback: how many characters after one of Unicode stand for it in old readers.
        hidden, deleted: whether nobody sees it.
        raised: whether it stands above the line.
        may_be_unknown: whether the group may hold what a reader need not know, and then is to leave out.
    """

    destination: str = "text"
    font: int = 0
    n_fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    may_be_unknown: bool = False

    def inner(self) -> State:
        """Returns what a group inside begins with."""
        return replace(self, may_be_unknown=False)


def destination_of(word: str, state: State) -> str | None:
    """Returns where the text of a group that begins with a word goes, None if the word begins none."""
    known = _DESTINATIONS.get(word)
    may_be_unknown, state.may_be_unknown = state.may_be_unknown, False
    if state.destination == "info" and word in _SAID_IN_INFO:
        return word
    if word == "ud" and state.destination == "skip":
        return "text"  # of two forms of a text, the one in Unicode
    if state.destination == "skip" or word in _SKIPPED:
        return "skip"
    if known is None:
        return "skip" if may_be_unknown or state.destination == "info" else None
    return state.destination if known == "same" else known
