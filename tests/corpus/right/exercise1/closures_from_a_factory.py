# All functions are made by a function that makes functions; each has inner ones.
import torch


def make(slope="a", intercept="b"):
    def predict(parameters, x):
        def line(value):
            return parameters[slope] * value + parameters[intercept]

        return line(x)

    def loss(y_pred, y):
        def half_square():
            return (y_pred - y).pow(2).div(2)

        return half_square().sum()

    def manual_gradients(parameters, x, y):
        residual = predict(parameters, x) - y

        def along(direction):
            return (residual * direction).sum()

        return {slope: along(x), intercept: along(torch.ones_like(x))}

    def update(parameters, gradients, learning_rates):
        def stepped(name):
            return parameters[name] - learning_rates[name] * gradients[name]

        return {name: stepped(name) for name in (slope, intercept)}

    def train_epoch(parameters, x, y, learning_rates, batch_size):
        total = x.new_zeros(())

        def one(xs, ys):
            nonlocal parameters, total
            total = total + loss(predict(parameters, xs), ys)
            parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)

        for pair in zip(x.split(batch_size), y.split(batch_size)):
            one(*pair)
        return parameters, total

    return predict, loss, manual_gradients, update, train_epoch


predict, loss, manual_gradients, update, train_epoch = make()
