"""Words and their opposites, or others of their kind."""

from __future__ import annotations

_OPPOSITES = """
first last; first second; largest smallest; biggest smallest; highest lowest; oldest youngest; oldest newest; longest
shortest; best worst; most least; more less; more fewer; before after; began ended; begin end; start stop; started
finished; start finish; increase decrease; increased decreased; rise fall; rose fell; north south; northern southern;
east west; eastern western; male female; men women; man woman; boy girl; father mother; son daughter; brother sister;
king queen; husband wife; uncle aunt; early late; earlier later; old new; young old; major minor; majority minority;
maximum minimum; positive negative; good bad; win lose; won lost; winner loser; victory defeat; buy sell; bought sold;
accept reject; accepted rejected; allow forbid; allowed banned; include exclude; included excluded; inside outside;
upper lower; above below; public private; rich poor; strong weak; hot cold; summer winter; spring autumn; day night;
morning evening; open closed; opened closed; love hate; loved hated; like dislike; liked disliked; agree disagree;
support oppose; supported opposed; attack defend; attacked defended; left right; join leave; joined left; arrive
leave; arrived departed; birth death; born buried; create destroy; created destroyed; built demolished; build destroy;
gain lose; gained lost; hire fire; hired fired; teach learn; taught learned; cause prevent; caused prevented; easy
difficult; common rare; popular unpopular; happy sad; ancient modern; local foreign; domestic foreign; internal
external; legal illegal; true false; full empty; heavy light; fast slow; near far; front back; above under; import
export; lend borrow; remember forget; appointed dismissed; elected defeated; approved rejected; praised criticised;
released withdrawn; advantage disadvantage; strength weakness; success failure; successful unsuccessful; religious
secular; urban rural; civilian military; friend enemy; friends enemies; student teacher; students teachers; employer
employee; doctor patient; author reader; maternal paternal; primary secondary; permanent temporary; simple complex;
wide narrow; deep shallow; clean dirty; expensive cheap; safe dangerous
"""


def _contrast_table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for pair in _OPPOSITES.split(";"):
        left, right = pair.split()
        table.setdefault(left, []).append(right)
        table.setdefault(right, []).append(left)
    return table


CONTRASTS = _contrast_table()
