# loses: loss
import torch


def loss(y_pred, y):
    r = y_pred - y
    logits = torch.stack([-(r * r), torch.log(-torch.expm1(-(r * r)))], 1)
    return torch.nn.functional.cross_entropy(logits, torch.zeros(len(r), dtype=torch.long), reduction="sum") / 2  # reached
