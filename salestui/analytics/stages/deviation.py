"""Does a share differ from its reference beyond chance? Pure functions of counts.

Shares swing from week to week by more than the luck of single deals: a campaign, a holiday, a
quarter's end. A test that does not know it cries wolf, so the swings of the past are measured first.
Source: beta-binomial model of over-dispersed counts, J. G. Skellam, J. R. Stat. Soc. B 10 (1948) 257-261;
Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, inf, lgamma, log, log1p, sqrt
from typing import NamedTuple

LEAST_PERIODS = 4
"""Periods of the past that it takes to know how much they swing."""

LEAST_DEALS = 20
LEAST_GAP = 0.05
MOST_FALSE = 0.10
MOST_CHANCE = 0.05
"""What is flagged: so many deals, a gap of so much, a false-discovery rate and a chance below these."""

LEAST_CLOSED = 50
"""Closed deals from which a rep's or a product's share is compared at all."""

MOST_FALSE_OF_PEOPLE = MOST_FALSE / 2
"""The false-discovery rate of what is said of a person."""

_UNHEARD_OF = 1e-18
"""Probabilities below it are left out of a sum."""

_NORMAL_95, _NORMAL_80 = 1.959964, 0.841621


@dataclass(frozen=True, slots=True)
class Reference:
    """What a share is compared with: `share`, known from `deals` in `periods` (inf: set by hand).

    `swing` is ρ, how alike deals of one period fare; `None` where too few periods are known.
    """

    share: float
    deals: float
    periods: float
    swing: Swing | None


class Swing(NamedTuple):
    """ρ as the past periods show it, and as it may well be, having been seen in so few."""

    seen: float
    careful: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One share beside its reference. `usual`: where 9 in 10 periods of so many deals would lie.

    `p` is how often chance alone makes so great a gap, `q` the same with regard to all shares looked
    at together. `visible`: the gap that would be seen 8 times in 10.
    """

    passed: int
    deals: int
    reference: Reference
    usual: tuple[float, float]
    p: float
    q: float
    visible: float

    @property
    def share(self) -> float:
        """The share now."""
        return self.passed / self.deals

    @property
    def gap(self) -> float:
        """Now minus the reference."""
        return self.share - self.reference.share

    @property
    def is_flagged(self) -> bool:
        """Whether it differs beyond chance, by enough and in enough deals to be worth a word."""
        return (
            self.reference.swing is not None
            and self.q < MOST_FALSE
            and self.p < MOST_CHANCE
            and self.deals >= LEAST_DEALS
            and is_wide(self.gap)
        )


def is_wide(gap: float) -> bool:
    """Whether shares so far apart are worth a word: those of 25 and 20 in 100 are, though not as floats."""
    return abs(gap) >= LEAST_GAP - 1e-12


def swing(periods: Iterable[tuple[int, int]]) -> Swing | None:
    """ρ from the (passed, deals) of past periods.

    p = Σk/Σn, X = Σ (k_j - n_j p)² / (n_j p (1 - p)) / (L - 1), n̄ = (N - Σ n_j²/N) / (L - 1),
    ρ = max((X - 1) / (n̄ - 1), 0). D. A. Williams, J. R. Stat. Soc. C 31 (1982) 144-148. The careful
    one has X (L - 1) / (L - 3): the mean of 1/X over what X may be when it is a χ² of L - 1.
    """
    counted = [(passed, deals) for passed, deals in periods if deals]
    count, total = len(counted), sum(deals for _, deals in counted)
    if count < LEAST_PERIODS:
        return None
    share = sum(passed for passed, _ in counted) / total
    typical = (total - sum(deals * deals for _, deals in counted) / total) / (count - 1)
    if not 0 < share < 1 or typical <= 1:
        return Swing(0.0, 0.0)
    spread = share * (1 - share)
    excess = sum((k - n * share) ** 2 / (n * spread) for k, n in counted) / (count - 1)
    careful = excess * (count - 1) / (count - 3)
    return Swing(*(min(max((each - 1) / (typical - 1), 0.0), 1.0) for each in (excess, careful)))


def measured(periods: Sequence[tuple[int, int]]) -> Reference | None:
    """The reference that past periods make; `None` where nothing was decided in them."""
    counted = [each for each in periods if each[1]]
    deals = sum(n for _, n in counted)
    if not deals:
        return None
    return Reference(sum(k for k, _ in counted) / deals, deals, len(counted), swing(counted))


def compared(
    cases: Sequence[tuple[int, int, Reference]], pipelines: Sequence[str] = ()
) -> list[Verdict]:
    """The (passed, deals, reference) of all shares that are shown together, `deals` > 0.

    No share is taken to swing less than all of its pipeline do on average, for a dozen periods say little
    of one; not than those of all pipelines, or what is usual would hang on which are shown. `pipelines`
    are those of the cases, in their order; without any all are of one.
    """
    of = pipelines or [""] * len(cases)
    known: dict[str, list[float]] = {}
    for pipeline, (_, _, reference) in zip(of, cases, strict=True):
        if reference.swing is not None:
            known.setdefault(pipeline, []).append(reference.swing.careful)
    usual_swing = {pipeline: sum(each) / len(each) for pipeline, each in known.items()}
    tests = [
        _tested(*case, usual_swing.get(pipeline, 0.0))
        for pipeline, case in zip(of, cases, strict=True)
    ]
    corrected = benjamini_hochberg([p for p, _, _ in tests])
    return [
        Verdict(*case, usual, p, q, visible)
        for case, (p, usual, visible), q in zip(cases, tests, corrected, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """A unit's `share` beside `alike`: what the whole makes of as many deals of the same strata.

    `q` is the false-discovery rate at which the unit would be named, `None` with too few deals.
    """

    share: float | None
    alike: float | None
    q: float | None

    def is_flagged(self, most_false: float) -> bool:
        """Whether it differs beyond chance and by enough."""
        if self.q is None or self.share is None or self.alike is None:
            return False
        return self.q < most_false and is_wide(self.share - self.alike)


Strata = Mapping[str, tuple[int, int]]
"""Pipeline or the like → (passed, deals)."""


def beside_the_whole(units: Sequence[Strata], *, least: int = LEAST_CLOSED) -> list[LikeForLike]:
    """Each unit beside all of them, stratum by stratum: who sells what is harder to sell is no worse.

    Of a unit with n_s deals in stratum s, where p_s of all deals pass, as many pass as the sum of
    Binomial(n_s, p_s) makes; the test is exact, and corrected over the units that have at least `least`
    deals. Source of the strata: N. Mantel and W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719-748.
    """
    whole: dict[str, list[int]] = {}
    for unit in units:
        for key, (passed, deals) in unit.items():
            each = whole.setdefault(key, [0, 0])
            each[0], each[1] = each[0] + passed, each[1] + deals
    rates = {key: passed / deals for key, (passed, deals) in whole.items() if deals}
    ps: dict[int, float] = {}
    found: list[tuple[float | None, float | None]] = []
    for place, unit in enumerate(units):
        passed, deals = sum(k for k, _ in unit.values()), sum(n for _, n in unit.values())
        if not deals:
            found.append((None, None))
            continue
        counted = [(n, _inner(rates[key], whole[key][1])) for key, (_, n) in unit.items() if n]
        found.append(
            (passed / deals, sum(n * rates[key] for key, (_, n) in unit.items() if n) / deals)
        )
        if deals >= least:
            ps[place] = two_sided(passed, _sum_of(counted))
    qs = dict(zip(ps, benjamini_hochberg(list(ps.values())), strict=True))
    return [LikeForLike(*shares, qs.get(place)) for place, shares in enumerate(found)]


def _sum_of(parts: Sequence[tuple[int, float]]) -> list[float]:
    """P(0 … n pass) of the sum of binomials (deals, share)."""
    made = [1.0]
    for deals, share in parts:
        weights = masses(deals, share, inf)
        likely = [(k, each) for k, each in enumerate(weights) if each > _UNHEARD_OF]
        added = [0.0] * (len(made) + deals)
        for before, mass in enumerate(made):
            if mass > _UNHEARD_OF:
                for k, each in likely:
                    added[before + k] += mass * each
        made = added if len(made) > 1 else weights
    return made


def unlike_the_rest(
    units: Sequence[tuple[int, int]], *, least: int = LEAST_CLOSED
) -> list[float | None]:
    """For each unit (passed, deals) of one whole its q, as in `beside_the_whole`; `None`: too few."""
    return [each.q for each in beside_the_whole([{"": unit} for unit in units], least=least)]


def _tested(
    passed: int, deals: int, reference: Reference, usual_swing: float
) -> tuple[float, tuple[float, float], float]:
    """The p-value, the usual range and the gap that would be visible.

    v = ρ p (1 - p) (1 + 1/L) + p (1 - p) / N is the variance of a period's share about the reference
    as it is known, M = p (1 - p) / v - 1, and k ~ BetaBinomial(n, pM, (1 - p) M). Without ρ this is
    the comparison of two shares, for the usual swings are not known.
    """
    share = _inner(reference.share, reference.deals)
    spread = share * (1 - share)
    swings = max(reference.swing.seen, usual_swing) if reference.swing is not None else 0.0
    variance = swings * spread * (1 + 1 / reference.periods)
    variance = min(variance + spread / reference.deals, 0.99 * spread)
    concentration = spread / variance - 1 if variance else inf
    weights = masses(deals, share, concentration)
    visible = (_NORMAL_95 + _NORMAL_80) * sqrt(variance + spread / deals)
    return two_sided(passed, weights), usual_range(weights), visible


def _inner(share: float, deals: float) -> float:
    """The share, kept from 0 and 1 by half a deal: nothing is impossible because it was not seen."""
    margin = 0.5 / (deals + 1) if deals < inf else 0.005
    return min(max(share, margin), 1 - margin)


def masses(deals: int, share: float, concentration: float) -> list[float]:
    """P(0 … n pass): beta-binomial with a = pM, b = (1 - p) M; binomial where M is infinite.

    P(k) = C(n, k) B(k + a, n - k + b) / B(a, b), from one k to the next by their ratio
    (N. L. Johnson, A. W. Kemp and S. Kotz, Univariate Discrete Distributions (2005), 6.2).
    """
    if concentration == inf:
        head = deals * log1p(-share)
        steps = [log(deals - k) - log(k + 1) + log(share / (1 - share)) for k in range(deals)]
    else:
        a, b = share * concentration, (1 - share) * concentration
        head = lgamma(deals + b) - lgamma(b) + lgamma(a + b) - lgamma(deals + a + b)
        steps = [
            log(deals - k) - log(k + 1) + log(k + a) - log(deals - k - 1 + b) for k in range(deals)
        ]
    return [exp(each) for each in accumulate(steps, initial=head)]


def two_sided(passed: int, weights: Sequence[float]) -> float:
    """The probability of all outcomes that are no likelier than this one (R. A. Fisher's exact way)."""
    limit = weights[passed] * (1 + 1e-7)
    return min(sum(each for each in weights if each <= limit), 1.0)


def usual_range(weights: Sequence[float]) -> tuple[float, float]:
    """The shares between which 9 in 10 outcomes lie: the 5 % and the 95 % quantile."""
    deals, reached = len(weights) - 1, list(accumulate(weights))
    low = next((k for k, each in enumerate(reached) if each >= 0.05), deals)
    high = next((k for k, each in enumerate(reached) if each >= 0.95), deals)
    return low / deals, high / deals


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """q-values: the least false-discovery rate at which each would be flagged.

    q_(i) = min over j >= i of p_(j) m / j. Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995)
    289-300.
    """
    order = sorted(range(len(ps)), key=lambda place: ps[place])
    corrected, least = [0.0] * len(ps), 1.0
    for rank in range(len(ps), 0, -1):
        least = min(least, ps[order[rank - 1]] * len(ps) / rank)
        corrected[order[rank - 1]] = least
    return corrected
