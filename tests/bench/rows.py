# SPDX-License-Identifier: Apache-2.0
"""A row: what was measured beside what, in pairs of one run, and whether the goal
is met."""
import dataclasses
import statistics

from machine import Foreign

FOREIGN_CORES = 0.1  # more than this, and a pair says nothing
JUDGED_ROUNDS = 5
JUDGED_SECONDS = 2.0


@dataclasses.dataclass
class Plan:
    rounds: int
    seconds: float

    def is_trial(self):
        return self.rounds < JUDGED_ROUNDS or self.seconds < JUDGED_SECONDS


@dataclasses.dataclass
class Pair:
    beside: float
    measured: float
    foreign: float

    @property
    def ratio(self):
        return self.measured / self.beside if self.beside else float("inf")

    @property
    def is_quiet(self):
        return self.foreign <= FOREIGN_CORES


@dataclasses.dataclass
class Row:
    """${limit}: the ratio's, at most (or at least); None: a figure without a goal.
    ${is_timed}: no, if it does not depend on what else the machine does."""
    goal: str
    what: str
    beside: str
    unit: str
    limit: float = None
    is_at_least: bool = False
    is_timed: bool = True
    pairs: list = dataclasses.field(default_factory=list)

    def add(self, beside, measured, foreign=0.0):
        self.pairs.append(Pair(beside, measured, foreign))

    def quiet(self):
        return [p for p in self.pairs if p.is_quiet or not self.is_timed]

    def counted(self, plan):
        """The pairs that the figures come from."""
        return self.quiet() if len(self.quiet()) >= plan.rounds else self.pairs

    def median(self, plan, name):
        return statistics.median(getattr(p, name) for p in self.counted(plan))

    def is_met(self, ratio):
        return ratio >= self.limit if self.is_at_least else ratio <= self.limit

    def verdict(self, plan):
        if self.limit is None:
            return ""
        if self.is_timed and plan.is_trial():
            return "not judged: a trial"
        if self.is_timed and len(self.quiet()) < plan.rounds:
            return f"not judged: foreign {self.median(plan, 'foreign'):.1f} cores"
        return "met" if self.is_met(self.median(plan, "ratio")) else "missed"

    def limit_text(self):
        if self.limit is None:
            return ""
        return f"{'>=' if self.is_at_least else '<='} {self.limit:g}"

    def as_json(self, plan):
        ratios = [p.ratio for p in self.counted(plan)]
        return {
            "goal": self.goal, "what": self.what, "beside": self.beside,
            "unit": self.unit, "measured": self.median(plan, "measured"),
            "reference": self.median(plan, "beside"),
            "ratio": statistics.median(ratios), "min": min(ratios), "max": max(ratios),
            "limit": self.limit_text(), "verdict": self.verdict(plan),
            "foreign_cores": self.median(plan, "foreign"),
            "pairs": [dataclasses.asdict(p) for p in self.pairs]}


def alternate(plan, take, *rows):
    """Let take() fill ${rows}: it returns for each of them (reference, measured),
    both from this one call. Rounds that others disturbed are done again, until
    there are enough or twice as many as wanted."""
    for _ in range(2 * plan.rounds):
        with Foreign() as foreign:
            figures = take()
        for row, figure in zip(rows, figures):
            row.add(*figure, foreign.cores)
        if all(len(row.quiet()) >= plan.rounds for row in rows) or plan.is_trial() \
                and len(rows[0].pairs) >= plan.rounds:
            break
    return rows


def figure(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def table(rows, plan):
    """The lines to print."""
    head = ("goal", "what", "beside", "unit", "measured", "beside", "ratio", "goal is",
            "verdict")
    cells = [head]
    for row in rows:
        r = row.as_json(plan)
        cells.append((row.goal, row.what, row.beside, row.unit, figure(r["measured"]),
                      figure(r["reference"]),
                      f"{r['ratio']:.3f} [{r['min']:.3f}..{r['max']:.3f}]",
                      r["limit"], r["verdict"]))
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
            for line in cells]
