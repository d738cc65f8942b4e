"""Random cases: the same seed gives the same case, and no case lets two different formulas agree by chance."""

import math

import pytest
import torch

from autograder.grading.cases import MOST_DRAWN, CaseCache, CaseGenerator, CaseRecorder, paper
from autograder.host.answers import Case


def drawn(draw: CaseGenerator, count: int = 300) -> list[float]:
    """Numbers of many cases of three."""
    return [draw.number() for _ in draw.sizes(*range(count)) for _ in range(3)]


class TestCache:
    def drawn(self, cache: CaseCache, name: str = "it", seed: int = 1, **how: bool) -> tuple[Case, ...]:
        def body(judge: CaseRecorder, draw: CaseGenerator) -> None:
            judge(draw.vector(3), {"n": 3})
            judge(draw.vector(1))

        return cache.cases(name, body, seed, **{"short": True, "exact": False, **how})

    def test_the_cases_of_a_check_are_drawn_once(self):
        cache = CaseCache()
        first = self.drawn(cache)
        assert [len(case.arguments) for case in first] == [2, 1]
        assert self.drawn(cache) is first
        assert all(self.drawn(cache, **other) is not first for other in ({"name": "b"}, {"seed": 2}, {"exact": True}))

    def test_of_very_many_the_old_ones_go_and_come_out_the_same_again(self):
        cache = CaseCache()
        first = self.drawn(cache)
        for seed in range(2, MOST_DRAWN + 2):
            self.drawn(cache, seed=seed)
        again = self.drawn(cache)
        assert again is not first
        assert torch.equal(again[0].arguments[0], first[0].arguments[0])


def test_a_case_for_paper_is_of_tensors_that_are_exact():
    found = paper({"a": 2, "x": [1, 3], "W": [[1, 2], [3, 4]]})
    assert {name: (value.dtype, tuple(value.shape)) for name, value in found.items()} == {
        "a": (torch.float64, ()),
        "x": (torch.float64, (2,)),
        "W": (torch.float64, (2, 2)),
    }


class TestNumbers:
    def test_the_same_seed_draws_the_same(self):
        assert drawn(CaseGenerator(5)) == drawn(CaseGenerator(5))
        assert drawn(CaseGenerator(5)) != drawn(CaseGenerator(6))
        assert drawn(CaseGenerator(5).many_steps()) == drawn(CaseGenerator(5).many_steps())

    @pytest.mark.parametrize(
        "draw",
        [CaseGenerator(1), CaseGenerator(1, short=False), CaseGenerator(1, exact=True)],
        ids=["short", "long", "exact"],
    )
    def test_they_are_neither_small_nor_one_and_of_either_sign(self, draw):
        numbers = drawn(draw)
        assert all(1 / 8 <= abs(number) <= 2.5 and abs(number) != 1 for number in numbers)
        assert min(numbers) < 0 < max(numbers)

    def test_no_two_in_a_case_are_alike(self):
        draw = CaseGenerator(2)
        for n in draw.sizes(*[20] * 50):
            assert len({draw.number() for _ in range(n)}) == n

    def test_more_than_there_are_different_ones_still_come(self):
        assert len(CaseGenerator(3, exact=True, step=1.0).vector(500)) == 500

    def test_short_ones_have_two_decimals_and_long_ones_do_not(self):
        assert all(number == round(number, 2) for number in drawn(CaseGenerator(1)))
        assert not any(number == round(number, 6) for number in drawn(CaseGenerator(1, short=False)))

    @pytest.mark.parametrize("draw", [CaseGenerator(4, exact=True), CaseGenerator(4, exact=True).many_steps()])
    def test_exact_ones_have_few_bits(self, draw):
        assert all((number * 16).is_integer() and abs(number) <= 5 for number in drawn(draw))

    def test_exact_formulas_are_exact_in_float32(self):
        draw = CaseGenerator(9, exact=True)
        for n in draw.sizes(1, 4, 7, 12):
            a, b, x = draw.scalar(), draw.scalar(), draw.vector(n)
            residual = a * x + b - draw.near(a * x + b)
            for exact in (residual, (residual * x).sum(), (residual**2).sum() / 2):
                assert torch.equal(exact.float().double(), exact)

    def test_rates_are_small_and_unlike(self):
        for draw in (CaseGenerator(1), CaseGenerator(1, short=False), CaseGenerator(1, exact=True)):
            rates = draw.rates("a", "b", "c")
            assert len(set(rates.values())) == 3
            assert all(type(rate) is float and 0 < rate < 0.5 for rate in rates.values())
        assert 0 < CaseGenerator(1).gentle_rate() < 0.02


class TestTensors:
    def test_shapes(self):
        draw = CaseGenerator(1)
        assert draw.scalar().shape == ()
        assert draw.vector(3).shape == (3,)
        assert draw.matrix(2, 3).shape == (2, 3)
        assert {name: value.shape for name, value in draw.parameters("a", "b").items()} == {"a": (), "b": ()}

    def test_they_are_double_until_told_otherwise(self):
        draw = CaseGenerator(1)
        assert draw.vector(2).dtype == draw.near(draw.vector(2)).dtype == torch.float64
        draw.single()
        assert draw.vector(2).dtype == draw.matrix(1, 2).dtype == draw.near(draw.vector(2)).dtype == torch.float32

    def test_targets_lie_near_and_none_is_met(self):
        values = torch.linspace(-40, 40, 200, dtype=torch.float64).reshape(20, 10)
        for draw in (CaseGenerator(1), CaseGenerator(1, short=False), CaseGenerator(1, exact=True)):
            gaps = (draw.near(values) - values).abs()
            assert gaps.min() > 0.1
            assert gaps.max() < 2.6

    def test_short_targets_have_two_decimals(self):
        targets = CaseGenerator(1).near(torch.tensor([math.pi, math.e], dtype=torch.float64))
        assert torch.equal(targets, targets.round(decimals=2))

    def test_sizes_come_in_order(self):
        assert list(CaseGenerator(1).sizes(4, 1, 4)) == [4, 1, 4]
        assert list(CaseGenerator(1).batches((6, 3), (4, 4))) == [(6, 3), (4, 4)]
        assert list(CaseGenerator(1).widths((3, 2), (1, 1, 1))) == [(3, 2), (1, 1, 1)]
        assert CaseGenerator(1).shallow((3, 2, 4)) == (3, 2, 4)

    def test_exact_cases_are_few_and_small_but_have_a_short_batch(self):
        ((n, batch),) = CaseGenerator(1, exact=True).batches((7, 3), (5, 1), (9, 2))
        assert n % batch
        assert n < 7
        assert len(list(CaseGenerator(1, exact=True).widths((3, 2), (5, 5, 5, 5)))) == 1
        assert len(CaseGenerator(1, exact=True).shallow((3, 2, 4))) == 2
