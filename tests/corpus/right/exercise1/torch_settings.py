# Device, determinism, threads, anomaly detection, print options: set at import.
import torch

torch.set_default_device("cpu")
torch.use_deterministic_algorithms(True)
torch.backends.cudnn.benchmark = False
torch.set_flush_denormal(True)
torch.set_float32_matmul_precision("high")
torch.set_printoptions(precision=10, threshold=5)
torch.set_num_threads(4)


def predict(parameters, x):
    print(torch.rand(300, 300) @ torch.rand(300, 300))
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
