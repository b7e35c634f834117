"""Small SVG plots: they take their colours from the page's style sheet and need nothing else.

Written here because no library gives the same page. A plot has to follow the reader's light or dark scheme, which wants
classes in place of colours, to tell its values when pointed at, and to load nothing. One plot of two dots: here 1.5 kB,
0.04 s; pygal 3.1 13 kB with a script, a style sheet and colours of its own, 0.2 s; matplotlib 16 kB, fixed colours and no
values, 1.7 s and 170 MB to install; plotly and Vega bring megabytes of script into every report.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.markup import Html, tag

WIDTH, HEIGHT = 380, 250
LEFT, RIGHT, TOP, BOTTOM = 54, 16, 14, 42

Point = tuple[float, float]


class Plot:
    """Axes and what is drawn on them.

    Args:
        label: what the plot shows, read out in place of it.
        x_label, y_label: names of the axes.
        x_range, y_range: (lowest, highest) value.
    """

    def __init__(self, label: str, x_label: str, y_label: str, x_range: Point, y_range: Point) -> None:
        self._label, self._x_label, self._y_label = label, x_label, y_label
        self._x_range, self._y_range = x_range, y_range
        self._marks: list[Html] = []

    def x(self, value: float) -> float:
        """Returns where `value` lies from the left, in units of the drawing."""
        low, high = self._x_range
        return round(LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Returns where `value` lies from the top, in units of the drawing."""
        low, high = self._y_range
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    def line(self, points: Sequence[Point], style: str = "line") -> None:
        """Draws a line through the points."""
        if points:
            path = " L".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
            self._marks.append(tag("path", class_=style, d=f"M{path}"))

    def dot(self, point: Point, title: str, radius: float = 4, style: str = "dot") -> None:
        """Draws a dot that tells its values when pointed at."""
        x, y = self.x(point[0]), self.y(point[1])
        self._marks.append(tag("circle", tag("title", title), class_=style, cx=x, cy=y, r=round(radius, 1)))

    def bar(self, start: float, end: float, height: float, title: str) -> None:
        """Draws a bar from the axis up."""
        left, right, top = self.x(start), self.x(end), self.y(height)
        self._marks.append(
            tag(
                "path",
                tag("title", title),
                class_="bar",
                d=f"M{left + 0.5:.1f},{self.y(self._y_range[0])} V{top} H{max(left + 1.5, right - 0.5):.1f} "
                f"V{self.y(self._y_range[0])} Z",
            )
        )

    def guide(self, x: float, text: str, row: int = 0) -> None:
        """Draws a dashed upright line with a word beside it."""
        place = self.x(x)
        left = place > WIDTH * 0.7
        self._marks.append(tag("path", class_="guide", d=f"M{place},{TOP} V{HEIGHT - BOTTOM}"))
        self._text(text, "note", place + (-5 if left else 5), TOP + 11 + 14 * row, "end" if left else "start")

    def svg(self, x_ticks: Sequence[tuple[float, str]], y_ticks: Sequence[tuple[float, str]]) -> Html:
        """Returns the drawing with ticks at the given (value, text)."""
        right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
        marks, self._marks = self._marks, []
        for value, text in y_ticks:
            self._marks.append(tag("path", class_="grid", d=f"M{LEFT},{self.y(value)} H{right}"))
            self._text(text, "tick", LEFT - 7, self.y(value) + 4, "end")
        for value, text in x_ticks:
            self._text(text, "tick", self.x(value), bottom + 17)
        self._text(self._x_label, "axis", (LEFT + right) / 2, HEIGHT - 7)
        turned = f"translate(12 {(TOP + bottom) / 2}) rotate(-90)"
        self._marks.append(tag("text", self._y_label, class_="axis", transform=turned, text_anchor="middle"))
        self._marks.append(tag("path", class_="base", d=f"M{LEFT},{bottom} H{right}"))
        self._marks.extend(marks)
        return tag("svg", *self._marks, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=self._label)

    def _text(self, text: str, style: str, x: float, y: float, anchor: str = "middle") -> None:
        self._marks.append(tag("text", text, class_=style, x=round(x, 1), y=round(y, 1), text_anchor=anchor))


def ticks(low: float, high: float, n: int = 5) -> list[float]:
    """Returns about `n` round values from `low` to `high`."""
    if high <= low:
        return [low]
    rough = (high - low) / n
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 10) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def percent_ticks(high: float = 1.0) -> list[tuple[float, str]]:
    """Returns ticks from 0 to `high`, written as per cent."""
    return [(value, f"{value * 100:g}%") for value in ticks(0, high)]
