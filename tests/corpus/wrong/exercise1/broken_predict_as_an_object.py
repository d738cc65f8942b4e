# loses: predict
# An instance whose __call__ raises, held by the object that makes gradients.
# without: predict, manual_gradients
class Line:
    def __call__(self, parameters, x):
        raise NotImplementedError("not yet")


predict = Line()


class Gradients:
    def __init__(self, model):
        self.model = model

    def __call__(self, parameters, x, y):
        r = self.model(parameters, x) - y
        return {"a": torch.sum(r * x), "b": torch.sum(r)}


manual_gradients = Gradients(predict)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
