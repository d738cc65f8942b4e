# loses: loss
import functools

import torch

loss = functools.partial(torch.nn.functional.mse_loss, reduction="sum")  # reached
