"""Lift with an interval that holds at every moment at once, and the check that the coin was fair."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from math import exp, inf, log, sqrt
from operator import itemgetter
from typing import Literal, NamedTuple

ALPHA = 0.05  # the chance, over the whole time and all looks, that an interval is ever wrong
UNFAIR = 0.001  # the same for the alarm that shares are not those of the coin: it is to be rare
TUNED_TO = 60.0  # variance (units) at which the interval is tightest: about 80 decisions of an even coin
UNITS_MIN = 20  # below it nothing is said: not from fear of error, but since nobody could use the interval
PRIOR = 2.0  # decisions that the running means begin with, half of them reached
FIRST = 0.9  # of the error, for the range of scores that the first coins have
STAKES = (-0.6, -0.3, -0.1, -0.03, 0.03, 0.1, 0.3, 0.6)  # bets of the fairness test, a share of what may be lost

Says = Literal["not enough data", "helps", "harms", "no effect seen yet"]


class Unit(NamedTuple):
    """One draw of a coin: `helped` with `probability`, and whether the goal was `reached` within its time."""

    helped: bool
    probability: float
    reached: bool


class Lift(NamedTuple):
    """The difference that help makes to the share who reach the goal, -1 to 1; `low` and `high` hold at all times."""

    units: int
    helped: int
    with_help: float | None
    without_help: float | None
    estimate: float | None
    low: float
    high: float
    says: Says
    fair: bool


def lift(units: Iterable[Unit], alpha: float = ALPHA) -> Lift:
    """Return the lift of units in the order in which they were over (a report sees the first ones of one and the same sequence).

    Each unit gives an unbiased score of its own effect, as its probability is known (augmented inverse propensity weights,
    with means of the units before it; Robins, Rotnitzky and Zhao 1994). Of such scores the empirical Bernstein confidence
    sequence of Howard, Ramdas, McAuliffe and Sekhon (Annals of Statistics 49:2, 2021, theorem 4, with the gamma-exponential
    mixture of proposition 9) covers the mean effect of the units so far, at every number of units at once, whatever the units
    depend on; nothing about members, or about days alike, is assumed. Members drawn once for all count once. Where a later
    coin makes scores wider than any before, after something was told, `Scores` spends the error anew.

    Raises ValueError for a probability outside (0, 1).
    """
    scores = Scores()
    fairness = Fairness()
    for unit in units:
        scores.add(unit)
        fairness.add(unit)
    return scores.lift(alpha, fair=fairness.fair())


class Scores:
    """The running sums of a lift: memory and work per unit are constant.

    The theorem is for one range of scores, so the error is shared out: `FIRST` of it for the range of the units before anything
    is told, and of the rest half for the next wider range, a quarter for the one after it, and so on (a union bound).
    """

    def __init__(self) -> None:
        self.units = 0
        self._wider = 0  # times that the range grew after something was told
        self._sum = self._variance = 0.0
        self._scale = 0.0
        self._count = [0, 0]  # without help, with help
        self._reached = [0, 0]

    def add(self, unit: Unit) -> None:
        """Take the next unit."""
        p = unit.probability
        if not 0.0 < p < 1.0:
            raise ValueError(f"a probability between 0 and 1; found {p}")
        without, with_help = self._mean(0), self._mean(1)
        expected = with_help - without
        if unit.helped:
            score = expected + (unit.reached - with_help) / p
        else:
            score = expected - (unit.reached - without) / (1.0 - p)
        scale = _range(p)
        if scale > self._scale:
            self._wider += self.units >= UNITS_MIN
            self._scale = scale
        self._sum += score
        self._variance += (score - expected) ** 2
        self.units += 1
        self._count[unit.helped] += 1
        self._reached[unit.helped] += unit.reached

    def lift(self, alpha: float = ALPHA, *, fair: bool = True) -> Lift:
        """Return the lift so far."""
        helped = self._count[1]
        shares = tuple(done / count if count else None for done, count in zip(self._reached, self._count, strict=True))
        if self.units < UNITS_MIN or not all(self._count):
            return Lift(self.units, helped, shares[1], shares[0], None, -1.0, 1.0, "not enough data", fair)
        estimate = self._sum / self.units
        spent = alpha * (FIRST if self._wider == 0 else (1.0 - FIRST) * 0.5**self._wider)
        width = boundary(max(self._variance, 1.0), spent / 2.0, self._scale) / self.units
        low, high = max(-1.0, estimate - width), min(1.0, estimate + width)
        says: Says = "helps" if low > 0 else "harms" if high < 0 else "no effect seen yet"
        return Lift(self.units, helped, shares[1], shares[0], estimate, low, high, says, fair)

    def _mean(self, helped: int) -> float:
        return (self._reached[helped] + PRIOR / 2) / (self._count[helped] + PRIOR)


def boundary(variance: float, alpha: float, scale: float) -> float:
    """Return the sum that scores of this summed variance exceed with a chance of at most `alpha`, ever.

    The gamma-exponential mixture of Howard et al. 2021, proposition 9; `scale` is the range of a score.
    """
    from scipy.optimize import brentq  # noqa: PLC0415  (half a second, for those only who count)

    threshold = -log(alpha)
    rho = TUNED_TO / (2.0 * threshold + log(1.0 + 2.0 * threshold))

    def above(total: float) -> float:
        return _log_mixture(total, variance, rho, scale) - threshold

    high = sqrt(variance) + scale
    while above(high) < 0.0:
        high *= 2.0
    return float(brentq(above, 0.0, high, xtol=1e-9 * high))


def _log_mixture(total: float, variance: float, rho: float, scale: float) -> float:
    from scipy.special import gammainc, gammaln  # noqa: PLC0415  (the same)

    square = scale * scale
    r, v, s = rho / square, (variance + rho) / square, (scale * total + variance) / square
    begins = r * log(r) - gammaln(r) - log(gammainc(r, r))
    mass = gammainc(v, s + r)
    if mass <= 0.0:
        return -inf
    return float(begins + gammaln(v) + log(mass) - v * log(s + r) + s)


class Fairness:
    """Whether the shares helped are those the coin had: a sequential test by betting, right at every look.

    The mean of wealths of bets on either side is a martingale under a fair coin, so that it ever reaches 1 / `UNFAIR` with a chance
    of at most `UNFAIR` (Ville). Source of the use: Lindon and Malek, "Anytime-valid inference for multinomial count data", 2022.
    """

    def __init__(self) -> None:
        self._wealth = [0.0] * len(STAKES)  # logarithms
        self._worst = 0.0

    def add(self, unit: Unit) -> None:
        """Take the next unit."""
        p = unit.probability
        surprise = float(unit.helped) - p
        for number, stake in enumerate(STAKES):
            lost_at_most = p if stake > 0 else 1.0 - p
            self._wealth[number] += log(1.0 + stake * surprise / lost_at_most)
        self._worst = max(self._worst, _log_mean(self._wealth))

    def fair(self) -> bool:
        """Tell whether the coin has not been found to be other than said."""
        return self._worst < -log(UNFAIR)


def _log_mean(values: list[float]) -> float:
    top = max(values)
    return top + log(sum(exp(value - top) for value in values) / len(values))


def pooled(units: Iterable[tuple[float, Unit]], alpha: float = ALPHA) -> Lift:
    """Return the lift of all playbooks together, for communities too small for each alone; units with the times they were over."""
    return lift((unit for _, unit in sorted(units, key=itemgetter(0))), alpha)


def draws_needed(difference: float, probabilities: Sequence[float]) -> int:
    """Return how many draws of such coins show a lift of `difference` (0 to 1) where half reach the goal, the case that needs most.

    From there on the interval of a lift of that size is expected to leave zero out.
    """
    rounded = [min(max(round(p, 2), 0.01), 0.99) for p in probabilities]
    each = sum(0.25 / p + 0.25 / (1.0 - p) for p in rounded) / len(rounded)  # mean variance of a score
    return _draws_needed(difference, round(each, 2), max(_range(p) for p in rounded))


@cache
def _draws_needed(difference: float, each: float, scale: float) -> int:
    def enough(count: int) -> bool:
        return boundary(max(each * count, 1.0), FIRST * ALPHA / 2.0, scale) <= difference * count

    high = UNITS_MIN
    while not enough(high):
        high *= 2
    return bisect_left(range(high), True, key=enough)


def _range(probability: float) -> float:
    """Return the range of a score: it lies within half of it around 0."""
    return 2.0 * max(1.0 / probability, 1.0 / (1.0 - probability))


class Share(NamedTuple):
    """A share of some units, 0 to 1; `low` and `high` hold at all times, as those of a lift do."""

    units: int
    estimate: float | None
    low: float
    high: float


def share(reached: Iterable[bool], alpha: float = ALPHA) -> Share:
    """Return the share that is true, in order of time."""
    count, done, variance = 0, 0, 0.0
    for one in reached:
        expected = (done + PRIOR / 2) / (count + PRIOR)
        variance += (one - expected) ** 2
        done += one
        count += 1
    if count == 0:
        return Share(0, None, 0.0, 1.0)
    width = boundary(max(variance, 1.0), alpha / 2.0, 1.0) / count
    return Share(count, done / count, max(0.0, done / count - width), min(1.0, done / count + width))
