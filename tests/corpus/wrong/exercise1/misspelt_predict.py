# loses: predict
# without: predict
import torch


def predcit(parameters, x):
    return parameters["a"] * x + parameters["b"]
