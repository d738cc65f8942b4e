# loses: manual_gradients
# Takes jacobians of the prediction.
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    jacobian = torch.func.jacrev(predict)(parameters, x)
    return {k: torch.sum(r * jacobian[k]) for k in ("a", "b")}
