"""The drawings of exercise 6."""

from matplotlib.figure import Figure

_PLAIN, _FAIR, _INK = "#b3401f", "#00684d", "#333333"
_BETA, _GRADIENT, _STEPS = 0.9, 10.0, 30


def fair_start(figure: Figure) -> None:
    """An average that begins at 0, of gradients that are all 10, as it is and divided by the weights given out."""
    axes = figure.add_axes((0.09, 0.17, 0.88, 0.76))
    average, averages = 0.0, []
    for _ in range(_STEPS):
        average = _BETA * average + (1 - _BETA) * _GRADIENT
        averages.append(average)
    steps = range(1, _STEPS + 1)
    axes.plot(steps, [m / (1 - _BETA**t) for t, m in zip(steps, averages, strict=True)], "s-", color=_FAIR)
    axes.plot(steps, averages, "o-", color=_PLAIN)
    axes.text(16, 10.25, "divided: m̂ is 10 from the first step on", color=_FAIR, ha="center", va="bottom")
    axes.text(13, 5.6, "as it is: m begins near 0", color=_PLAIN, ha="left", va="center")
    axes.set(xlabel="step", ylim=(0, 11.8), xlim=(0, _STEPS + 0.5))
    axes.set_ylabel("average of the gradients", color=_INK)
