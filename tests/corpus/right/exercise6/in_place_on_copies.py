import torch


def momentum_step(parameters, gradients, velocities, learning_rate, momentum):
    after, moved = {}, {}
    for name in velocities:
        moved[name] = velocities[name].clone().mul_(momentum).add_(gradients[name])
        after[name] = parameters[name].clone().sub_(learning_rate * moved[name])
    return after, moved


def rmsprop_step(parameters, gradients, squares, learning_rate, decay, epsilon):
    after, moved = {}, {}
    for name in squares:
        g = gradients[name]
        moved[name] = squares[name].clone().mul_(decay).addcmul_(g, g, value=1 - decay)
        after[name] = parameters[name].clone().addcdiv_(g, moved[name].sqrt().add_(epsilon), value=-float(learning_rate))
    return after, moved


def adam_step(parameters, gradients, firsts, seconds, step, learning_rate, beta1, beta2, epsilon):
    after, m, v = {}, {}, {}
    for name, g in gradients.items():
        m[name] = firsts[name].clone().lerp_(g, 1 - beta1)
        v[name] = torch.lerp(seconds[name], g.pow(2), 1 - beta2)
        down = v[name].div(1 - beta2**step).sqrt_().add_(epsilon)
        after[name] = parameters[name] - learning_rate * (m[name] / (1 - beta1**step)) / down
    return [after, m, v]


def clip_by_norm(gradients, max_norm):
    norm = torch.cat([value.reshape(-1) for value in gradients.values()]).norm()
    factor = torch.ones_like(norm) if norm <= max_norm else max_norm / norm
    return {name: value.clone().mul_(factor) for name, value in gradients.items()}
