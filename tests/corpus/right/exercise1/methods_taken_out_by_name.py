# All functions are methods of one class, taken out by globals() and setattr.
import sys

import torch


class Exercise:
    @staticmethod
    def predict(parameters, x):
        return parameters["a"] * x + parameters["b"]

    @classmethod
    def loss(cls, y_pred, y):
        return torch.sum((y_pred - y) ** 2) / 2

    def manual_gradients(self, parameters, x, y):
        r = self.predict(parameters, x) - y
        return {"a": torch.sum(r * x), "b": torch.sum(r)}

    def update(self, parameters, gradients, learning_rates):
        return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}

    def train_epoch(self, parameters, x, y, learning_rates, batch_size):
        total = 0
        for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
            total = total + self.loss(self.predict(parameters, xs), ys)
            parameters = self.update(parameters, self.manual_gradients(parameters, xs, ys), learning_rates)
        return parameters, total


exercise = Exercise()
for name in ("predict", "loss"):
    globals()[name] = getattr(exercise, name)
for name in ("manual_gradients", "update", "train_epoch"):
    setattr(sys.modules[__name__], name, getattr(exercise, name))
