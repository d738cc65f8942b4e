"""What the examples of the hints must come to, by the reference solutions; and arithmetic as it is written on paper."""

import re
from collections.abc import Callable, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from solutions import facts

Values = dict[str, Any]

PLAIN = str.maketrans({"−": "-", "·": "*", "²": "**2", "₁": "1", "₂": "2", "ᵢ": "", "ŷ": "y_pred"})


def python(text: str) -> str:
    """An expression as Python has it: ½·(1 + 4) is 0.5*(1 + 4), Σ rᵢ · xᵢ is sum_of(r * x)."""
    text = re.sub(r"½\s*(?=[\w(Σ])", "0.5*", text).replace("½", "0.5").translate(PLAIN)
    return re.sub(r"Σ+(.*)$", r"sum_of(\1)", text)


def evaluated(text: str, names: Mapping[str, Any] | None = None) -> Tensor:
    """What an expression comes to; whatever `eval` raises where it is none."""
    value = eval(python(text.strip()), {"__builtins__": {}, "sum_of": torch.sum, "torch": torch}, dict(names or {}))
    return tensor(value)


def tensor(value: Any) -> Tensor:
    return value.detach().double() if isinstance(value, Tensor) else torch.tensor(value, dtype=torch.float64)


def tensors(values: Any) -> Any:
    """Plain numbers and lists as the functions take them; counts and rates stay numbers."""
    return {name: tensors(value) for name, value in values.items()} if isinstance(values, dict) else tensor(values)


def answer(reference: ModuleType, exercise: str, function: str, given: Values) -> list[Tensor]:
    """The parts of what a function of exercise 1, 2 or 4 answers to the inputs of an example."""
    if own := facts(exercise):
        return leaves(own.answer(reference, function, given))
    of = {name: value if name in ("batch_size", "learning_rate") else tensors(value) for name, value in given.items()}
    if exercise == "exercise5":
        of = ARGUMENTS_OF_FIVE.get(function, lambda of: of)(of)
    if exercise == "exercise4":
        of = ARGUMENTS.get(function, lambda of: of)(of)
    return leaves(getattr(reference, function)(**of))


ARGUMENTS: dict[str, Callable[[Values], Values]] = {  # of exercise 4: lists of layers are given layer by layer
    "forward": lambda of: {"weights": [of["W_1"]], "biases": [of["b_1"]], "X": of["X"]},
    "backward": lambda of: {
        "weights": [of["W_1"], of["W_2"]],
        "activations": [of["A_0"], of["A_1"], of["A_2"]],
        "Y": of["Y"],
    },
    "update": lambda of: {
        "weights": [of["W_1"]],
        "biases": [of["b_1"]],
        "grad_weights": [of["grad_W"]],
        "grad_biases": [of["grad_b"]],
        "learning_rate": of["learning_rate"],
    },
    "train_epoch": lambda of: {
        "weights": [of.pop("W_1")],
        "biases": [of.pop("b_1")],
        **of,
    },
}


ARGUMENTS_OF_FIVE: dict[str, Callable[[Values], Values]] = {
    "forward": lambda of: {"weights": [of["W_1"], of["W_2"]], "biases": [of["b_1"], of["b_2"]], "X": of["X"]},
    "backward": lambda of: {**ARGUMENTS["backward"](of), "pre_activations": [of["Z_1"], of["Z_2"]]},
    "initialize": lambda of: {"sizes": [8, 3, 2], "seed": 5},
    "train_epoch": ARGUMENTS["train_epoch"],
}


def leaves(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    return [leaf for each in (value.values() if isinstance(value, dict) else value) for leaf in leaves(each)]


def steps(reference: ModuleType, exercise: str, function: str, given: Values) -> Values:
    """The right value of each step of an example, by its label."""
    own = facts(exercise)
    return own.steps(reference, function, given) if own else STEPS[exercise](reference, function, given)


def _one_layer(reference: ModuleType, function: str, given: Values) -> Values:
    parameters, x, y = (tensors(given.get(name, 0)) for name in ("parameters", "x", "y"))
    if function == "loss":
        y_pred = tensor(given["y_pred"])
        return {"r": y_pred - y, "L": reference.loss(y_pred, y)}
    if function == "update":
        new = reference.update(parameters, tensors(given["gradients"]), given["learning_rates"])
        return {"new a": new["a"], "new b": new["b"]}
    y_pred = reference.predict(parameters, x)
    if function == "predict":
        return {"ŷ": y_pred}
    if function == "manual_gradients":
        gradients = reference.manual_gradients(parameters, x, y)
        return {"ŷ": y_pred, "r": y_pred - y, "∂L/∂a": gradients["a"], "∂L/∂b": gradients["b"]}
    rates = given["learning_rates"]
    first, its_loss = reference.train_epoch(parameters, x[:1], y[:1], rates, 1)
    new, second_loss = reference.train_epoch(first, x[1:], y[1:], rates, 1)
    both, epoch_loss = reference.train_epoch(parameters, x, y, rates, given["batch_size"])
    assert both == new
    return {
        "batch 1: r": (y_pred - y)[0],
        "its loss": its_loss,
        "its step: a": first["a"],
        "its step: b": first["b"],
        "batch 2: r": reference.predict(first, x[1:])[0] - y[1],
        "loss of batch 2": second_loss,
        "new a": new["a"],
        "new b": new["b"],
        "epoch_loss": epoch_loss,
    }


NEW = {"new a₁": "a1", "new b₁": "b1", "new a₂": "a2", "new b₂": "b2"}


def _two_layers(reference: ModuleType, function: str, given: Values) -> Values:
    parameters, x, y = (tensors(given.get(name, 0)) for name in ("parameters", "x", "y"))
    if function == "update":
        new = reference.update(parameters, tensors(given["gradients"]), given["learning_rates"])
        return {label: new[name] for label, name in NEW.items()}
    if function == "collapse":
        at = [reference.forward(parameters, torch.tensor([where]))[1] for where in (0, 1)]
        a, b = reference.collapse(parameters)
        return {"ŷ at x = 0": at[0], "ŷ at x = 1": at[1], "a": a, "b": b}
    if function in ("loss", "manual_gradients"):
        y_pred = tensor(given["y_pred"])
        if function == "loss":
            return {"r": y_pred - y, "L": reference.loss(y_pred, y)}
        gradients = reference.manual_gradients(tensor(given["g"]), y_pred, y)
        return {"r": y_pred - y, "∂L/∂a₂": gradients["a2"], "∂L/∂b₂": gradients["b2"]}
    g, y_pred = reference.forward(parameters, x)
    if function == "forward":
        return {"g": g, "ŷ": y_pred}
    first, second = reference.chain_rule_gradients(parameters, x, y_pred, y), reference.manual_gradients(g, y_pred, y)
    if function == "chain_rule_gradients":
        assert torch.equal(y_pred, tensor(given["y_pred"]))
        upstream = (y_pred - y) * parameters["a2"]
        return {"r": y_pred - y, "∂L/∂g": upstream, "∂L/∂a₁": first["a1"], "∂L/∂b₁": first["b1"]}
    new, loss = reference.train_step(parameters, x, y, given["learning_rates"])
    return {
        "g": g,
        "r": y_pred - y,
        "loss": loss,
        "∂L/∂a₂, ∂L/∂b₂": [float(second["a2"]), float(second["b2"])],
        "∂L/∂a₁, ∂L/∂b₁": [float(first["a1"]), float(first["b1"])],
        **{label: new[name] for label, name in NEW.items()},
    }


def _with_pytorch(reference: ModuleType, function: str, given: Values) -> Values:
    if function == "autograd_gradients":
        parameters, x, y = (tensors(given[name]) for name in ("parameters", "x", "y"))
        of = {name: float(value) for name, value in reference.autograd_gradients(parameters, x, y).items()}
        g = parameters["a1"] * x + parameters["b1"]
        r = parameters["a2"] * g + parameters["b2"] - y
        first, second = [of["a1"], of["b1"]], [of["a2"], of["b2"]]
        return {"g": g, "r": r, "L": (r**2).sum() / 2, "∂L/∂a₁, ∂L/∂b₁": first, "∂L/∂a₂, ∂L/∂b₂": second}
    if function == "build_model":
        model = reference.build_model()
        return {
            "numbers in one layer": sum(each.numel() for each in model[0].parameters()),
            "numbers in the model": sum(each.numel() for each in model.parameters()),
        }
    if function == "make_loader":
        x, y = tensor(given["x"]), tensor(given["y"])
        batches = list(reference.make_loader(x, y, given["batch_size"]))
        return {
            f"batch {at}: {name}": part for at, xy in enumerate(batches, 1) for name, part in zip("xy", xy, strict=True)
        }
    if function == "fit":
        x = torch.arange(float(given["samples"]))
        _, losses = reference.fit(x, x, given["epochs"], given["batch_size"], 0.1)
        batches = len(reference.make_loader(x, x, given["batch_size"]))
        return {
            "batches in an epoch": batches,
            "steps in all": batches * given["epochs"],
            "numbers in losses": len(losses),
        }
    return _epoch_with_pytorch(reference, given)


def _epoch_with_pytorch(reference: ModuleType, given: Values) -> Values:
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(given["model"]["weight"])
        model.bias.fill_(given["model"]["bias"])
    optimizer = torch.optim.SGD(model.parameters(), lr=given["plain descent with the rate"])
    batches = list(reference.make_loader(tensor(given["x"]), tensor(given["y"]), given["batch size"]))
    first = reference.train_epoch(model, batches[:1], nn.MSELoss(), optimizer)
    found = {
        "batch 1: loss": first,
        "weight.grad": model.weight.grad.item(),
        "bias.grad": model.bias.grad.item(),
        "its step: weight": model.weight.item(),
        "its step: bias": model.bias.item(),
    }
    second = reference.train_epoch(model, batches[1:], nn.MSELoss(), optimizer)
    return {**found, "batch 2: loss": second, "returned": (first + second) / 2}


def _many_layers(reference: ModuleType, function: str, given: Values) -> Values:
    of = {name: tensor(value) for name, value in given.items()}
    if function == "forward":
        out = reference.forward([of["W_1"]], [of["b_1"]], of["X"])[1]
        return {"A_1, row 1": out[0], "A_1, row 2": out[1]}
    if function == "loss":
        return {"residuals": of["Y_pred"] - of["Y"], "L": reference.loss(of["Y_pred"], of["Y"])}
    if function == "output_delta":
        return {"δ_m": reference.output_delta(of["Y_pred"], of["Y"])}
    if function == "layer_gradients":
        grad_W, grad_b = reference.layer_gradients(of["delta"], of["A_prev"])
        return {"grad_W, row 1": grad_W[0], "grad_W, row 2": grad_W[1], "grad_b": grad_b}
    if function == "propagate_delta":
        before = reference.propagate_delta(of["delta"], of["W"])
        return {"∂L/∂A, row 1": before[0], "∂L/∂A, row 2": before[1]}
    if function == "backward":
        activations = [of["A_0"], of["A_1"], of["A_2"]]
        (grad_W1, grad_W2), (grad_b1, grad_b2) = reference.backward([of["W_1"], of["W_2"]], activations, of["Y"])
        delta = reference.output_delta(of["A_2"], of["Y"])
        return {
            "δ_2": delta,
            "layer 2: grad_W": grad_W2,
            "layer 2: grad_b": grad_b2,
            "δ_1": reference.propagate_delta(delta, of["W_2"]),
            "layer 1: grad_W": grad_W1,
            "layer 1: grad_b": grad_b1,
        }
    if function == "update":
        of_layer = [[of[name]] for name in ("W_1", "b_1", "grad_W", "grad_b")]
        (W,), (b,) = reference.update(*of_layer, given["learning_rate"])
        return {"new W_1": W, "new b_1": b}
    return _epoch_of_many_layers(reference, of, given)


def _epoch_of_many_layers(reference: ModuleType, of: Values, given: Values) -> Values:
    X, Y, rate, size = of["X"], of["Y"], given["learning_rate"], given["batch_size"]
    weights, biases, its_loss = reference.train_epoch([of["W_1"]], [of["b_1"]], X[:1], Y[:1], rate, size)
    *_, second_loss = reference.train_epoch(weights, biases, X[1:], Y[1:], rate, size)
    new_W, new_b, epoch_loss = reference.train_epoch([of["W_1"]], [of["b_1"]], X, Y, rate, size)
    return {
        "batch 1: δ": reference.forward([of["W_1"]], [of["b_1"]], X[:1])[1] - Y[:1],
        "its loss": its_loss,
        "its step: W_1": weights[0],
        "its step: b_1": biases[0],
        "batch 2: δ": reference.forward(weights, biases, X[1:])[1] - Y[1:],
        "loss of batch 2": second_loss,
        "new W_1": new_W[0],
        "new b_1": new_b[0],
        "epoch_loss": epoch_loss,
    }


def _bent_lines(reference: ModuleType, function: str, given: Values) -> Values:
    of = {name: tensor(value) for name, value in given.items()}
    if function in ("relu", "tanh"):
        return {f"{function}(z)": getattr(reference, function)(of["z"])}
    if function in ("relu_gradient", "tanh_gradient"):
        return {"∂L/∂z": getattr(reference, function)(of["upstream"], of["z"])}
    if function == "forward":
        (_, A1, A2), (Z1, Z2) = reference.forward(**ARGUMENTS_OF_FIVE[function](of))
        return {"Z_1": Z1, "A_1": A1, "Z_2": Z2, "A_2": A2}
    if function == "backward":
        (grad_W1, grad_W2), (grad_b1, grad_b2) = reference.backward(**ARGUMENTS_OF_FIVE[function](of))
        delta = of["A_2"] - of["Y"]
        return {
            "δ_2": delta,
            "layer 2: grad_W": grad_W2,
            "layer 2: grad_b": grad_b2,
            "δ_1": reference.relu_gradient(delta @ of["W_2"], of["Z_1"]),
            "layer 1: grad_W": grad_W1,
            "layer 1: grad_b": grad_b1,
        }
    if function == "initialize":
        weights, biases = reference.initialize(given["sizes"], given["seed"])
        return {
            "shape of W_1": list(weights[0].shape),
            "shape of W_2": list(weights[1].shape),
            "standard deviation in layer 1": (2 / given["sizes"][0]) ** 0.5,
            "b_1": biases[0],
        }
    return _epoch_of_bent_lines(reference, of, given)


def _epoch_of_bent_lines(reference: ModuleType, of: Values, given: Values) -> Values:
    def last_output(*stack: Any) -> Tensor:
        return reference.forward(*stack)[0][-1]

    of_outputs = SimpleNamespace(forward=lambda *stack: [None, last_output(*stack)], train_epoch=reference.train_epoch)
    return _epoch_of_many_layers(of_outputs, of, given)  # type: ignore[arg-type]


STEPS: dict[str, Callable[[ModuleType, str, Values], Values]] = {
    "exercise1": _one_layer,
    "exercise2": _two_layers,
    "exercise3": _with_pytorch,
    "exercise4": _many_layers,
    "exercise5": _bent_lines,
}
