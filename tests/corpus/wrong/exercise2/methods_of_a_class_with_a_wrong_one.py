# loses: forward
# All in a class; its forward forgets b2, the others call it through self.
# without: forward, train_step
import torch


class Net:
    def forward(self, parameters, x):
        g = parameters["a1"] * x + parameters["b1"]
        return g, parameters["a2"] * g

    def step(self, parameters, x, y, learning_rates):
        g, y_pred = self.forward(parameters, x)
        gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
        return update(parameters, gradients, learning_rates), loss(y_pred, y)


net = Net()
forward = net.forward
train_step = net.step


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}
