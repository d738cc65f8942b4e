# loses: update
def update(parameters, gradients, learning_rates):
    for k in parameters:
        p, g = parameters[k].clone(), gradients[k]
        torch.optim.sgd.sgd(
            [p],
            [g],
            [None],
            weight_decay=0.0,
            momentum=0.0,
            lr=float(learning_rates[k]),
            dampening=0.0,
            nesterov=False,
            maximize=False,
            foreach=False,
        )
        parameters = parameters | {k: p}
    return parameters
