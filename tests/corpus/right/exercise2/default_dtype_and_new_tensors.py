# float64 as the default, torch.tensor(...) around everything, new_tensor, and .item() in between.
import torch

torch.set_default_dtype(torch.float64)


def forward(parameters, x):
    g = torch.tensor([parameters["a1"].item() * v + parameters["b1"].item() for v in x.tolist()])
    return g, torch.tensor([parameters["a2"].item() * v + parameters["b2"].item() for v in g.tolist()])


def loss(y_pred, y):
    return torch.tensor(sum((p - t) ** 2 for p, t in zip(y_pred.tolist(), y.tolist())) / 2)


def manual_gradients(g, y_pred, y):
    a2 = b2 = 0.0
    for gi, p, t in zip(g.tolist(), y_pred.tolist(), y.tolist()):
        a2 += (p - t) * gi
        b2 += p - t
    return {"a2": torch.tensor(a2), "b2": torch.tensor(b2)}


def chain_rule_gradients(parameters, x, y_pred, y):
    a1 = b1 = 0.0
    for v, p, t in zip(x.tolist(), y_pred.tolist(), y.tolist()):
        a1 += (p - t) * parameters["a2"].item() * v
        b1 += (p - t) * parameters["a2"].item()
    return {"a1": torch.tensor(a1), "b1": torch.tensor(b1)}


def update(parameters, gradients, learning_rates):
    return {k: v.clone().sub_(learning_rates[k] * gradients[k]) for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y)
    gradients.update(chain_rule_gradients(parameters, x, y_pred, y))
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    a1, b1, a2, b2 = (parameters[k].item() for k in ("a1", "b1", "a2", "b2"))
    return torch.tensor(a1 * a2), torch.tensor(a2 * b1 + b2)
