import torch


def momentum_step(parameters, gradients, velocities=None, learning_rate=0.01, momentum=0.9):
    velocities = velocities or {name: torch.zeros_like(value) for name, value in parameters.items()}
    new_velocities = dict.fromkeys(velocities)
    new_parameters = dict.fromkeys(parameters)
    for name in new_velocities:
        new_velocities[name] = gradients[name] + velocities[name] * momentum
        new_parameters[name] = parameters[name] + new_velocities[name] * -learning_rate
    return (new_parameters, new_velocities)


def rmsprop_step(parameters, gradients, squares=None, learning_rate=0.01, decay=0.9, epsilon=1e-8):
    new_squares, new_parameters = {}, {}
    for name, value in parameters.items():
        gradient, square = gradients.get(name), squares.get(name)
        new_squares[name] = square - square * (1 - decay) + gradient.abs().square() * (1 - decay)
        step = gradient.sign() * gradient.abs() / (torch.exp(0.5 * torch.log(new_squares[name])) + epsilon)
        new_parameters[name] = value - step * learning_rate
    return new_parameters, new_squares


def adam_step(
    parameters, gradients, firsts=None, seconds=None, step=1, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8
):
    for name in parameters:
        gradient = gradients[name]
        firsts = {**firsts, name: beta1 * firsts[name] + (1 - beta1) * gradient}
        seconds = {**seconds, name: beta2 * seconds[name] + (1 - beta2) * gradient * gradient}
        m_hat = firsts[name] / (1 - beta1**step)
        v_hat = seconds[name] / (1 - beta2**step)
        parameters = {**parameters, name: parameters[name] - learning_rate * m_hat / (v_hat**0.5 + epsilon)}
    return parameters, firsts, seconds


def clip_by_norm(gradients, max_norm=1.0):
    squares = torch.tensor([float((gradient.double() ** 2).sum()) for gradient in gradients.values()]).double()
    norm = squares.sum().sqrt()
    scale = torch.min(torch.ones_like(norm), max_norm / norm)
    return {name: (gradient * scale).to(gradient.dtype) for name, gradient in gradients.items()}
