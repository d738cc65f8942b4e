# loses: predict, loss, manual_gradients, update, train_epoch
# A notebook's JSON under the name of a script.
# whole
{"cells": [{"cell_type": "code", "source": ["x = 1"], "metadata": {}, "execution_count": null, "outputs": []}], "nbformat": 4}
