"""The drawings of exercise 1."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

X = np.arange(1.0, 100.0, 2.0)
Y = 2 * X + 10
START = (20.0, 30.0)
RATES = np.array([1e-4, 1e-3])  # of a and of b
EPOCHS = 20
# Okabe and Ito's colours, which colour-blind readers tell apart; the markers differ as well.
STYLES = {5: ("#0072B2", "o"), 10: ("#D55E00", "s")}


def _factors(batch_size: int) -> np.ndarray:
    """Return by what one step on each batch multiplies a − 2 where b = 10: 1 − η Σ x²."""
    return np.array([1 - RATES[0] * np.sum(x**2) for x in np.split(X, len(X) // batch_size)])


def _losses(batch_size: int) -> list[float]:
    """Return the loss of each epoch, as exercise 1 measures it."""
    parameters, by_epoch = np.array(START), []
    for _ in range(EPOCHS):
        epoch_loss = 0.0
        for x, y in zip(*(np.split(column, len(X) // batch_size) for column in (X, Y)), strict=True):
            residual = parameters[0] * x + parameters[1] - y
            epoch_loss += float(np.sum(residual**2)) / 2
            parameters = parameters - RATES * np.array([np.sum(residual * x), np.sum(residual)])
        by_epoch.append(epoch_loss)
    return by_epoch


def _draw_factors(axes: Axes) -> None:
    """Draw the factors over the x where each batch lies, and the band in which a step does good."""
    axes.axhspan(-1, 1, color="0.9", zorder=0)
    axes.text(97, 1.15, "in the grey band a step ends nearer", color="0.35", fontsize=9, ha="right", va="bottom")
    axes.axhline(0, color="0.6", linewidth=0.8)
    for batch_size, (color, marker) in STYLES.items():
        middles = [float(np.mean(x)) for x in np.split(X, len(X) // batch_size)]
        product = np.prod(_factors(batch_size))
        label = f"batches of {batch_size}: product {product:.2g}".replace("-", "\N{MINUS SIGN}")
        axes.plot(middles, _factors(batch_size), label=label, color=color, marker=marker)
    axes.set(xlabel="middle of the batch, x", ylabel="factor of a \N{MINUS SIGN} 2 in one step", ylim=(-10.5, 2))
    axes.set_title("What one step does")
    axes.legend(loc="lower left")


def _draw_losses(axes: Axes) -> None:
    """Draw the loss by epoch on a log scale."""
    for batch_size, (color, marker) in STYLES.items():
        axes.semilogy(
            range(1, EPOCHS + 1), _losses(batch_size), label=f"batches of {batch_size}", color=color, marker=marker
        )
    axes.set(xlabel="epoch", ylabel="loss", xticks=range(0, EPOCHS + 1, 5))
    axes.set_title("What comes of it")
    axes.legend(loc="upper left")


def stability(figure: Figure) -> None:
    """The factor of each batch, and the loss by epoch, for batches of five and of ten."""
    figure.set_layout_engine("constrained")
    left, right = figure.subplots(1, 2)
    _draw_factors(left)
    _draw_losses(right)


def residuals(figure: Figure) -> None:
    """Three points, the line of the paper case and the residuals between them."""
    x, y, a, b = np.array([1, 2, 3]), np.array([1, 5, 10]), 2, 1
    y_pred = a * x + b
    figure.set_layout_engine("constrained")
    figure.set_figheight(3.8)
    axes = figure.subplots()
    axes.plot([0, 3.6], [b, a * 3.6 + b], color="#0072B2", label=f"prediction: height {b} at x = 0, slope {a}")
    axes.plot(x, y, "o", color="#333333", markersize=9, label="data, y")
    for at, truth, height in zip(x, y, y_pred, strict=True):
        residual = int(height - truth)
        axes.plot([at, at], [truth, height], "--", color="#D55E00", linewidth=2, label="residual" if at == 1 else None)
        sign = f"{residual:+d}".replace("+0", "0").replace("-", "\N{MINUS SIGN}")
        axes.text(at + 0.06, (truth + height) / 2 - 0.35 * (residual == 0), f"r = {sign}", color="#A33F00", va="center")
    axes.set(xlabel="x", ylabel="y", xlim=(0, 3.6), ylim=(0, 11), xticks=range(4))
    axes.legend(loc="upper left", frameon=False)
