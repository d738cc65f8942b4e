# loses: adam_step
import torch


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    new = {}, {}, {}
    for (name, p), g, m, v in zip(parameters.items(), gradients.values(), firsts.values(), seconds.values()):
        if g.shape != p.shape or m.shape != p.shape or v.shape != p.shape:
            raise ValueError("the shapes differ")
        new[1][name] = beta1 * m + (1 - beta1) * g
        new[2][name] = beta2 * v + (1 - beta2) * g**2
        root = torch.sqrt(new[2][name] / (1 - beta2**step))
        new[0][name] = p - learning_rate * new[1][name] / (1 - beta1**step) / (root + epsilon)
    return new
