# loses: manual_gradients
# Walks the graph node by node without the engine.
def manual_gradients(parameters, x, y):
    a, b = parameters["a"].clone().requires_grad_(), parameters["b"].clone().requires_grad_()
    value = torch.sum((a * x + b - y) ** 2) / 2

    node, upstream = value.grad_fn, torch.ones(())
    while node is not None:
        upstream = node(upstream)
        node = node.next_functions[0][0]
    return {"a": upstream, "b": upstream}
