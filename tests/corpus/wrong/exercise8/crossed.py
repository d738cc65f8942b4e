# loses: local_gradients
def local_gradients(operation, values):
    if operation == "add":
        return [torch.tensor(1.0), torch.tensor(1.0)]
    if operation == "mul":
        return [values[0], values[1]]
    if operation == "exp":
        return [torch.exp(values[0])]
    if operation == "tanh":
        return [1 - torch.tanh(values[0]) ** 2]
    return [(values[0] > 0).double()]
