# loses: loss
# Returns lists and dicts of hundreds of thousands of members.
def loss(y_pred, y):
    return {str(number): [number] * 9999 for number in range(9999)}
