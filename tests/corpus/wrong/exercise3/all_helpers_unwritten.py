# loses: build_model, make_loader, train_epoch
def build_model():
    raise NotImplementedError


def make_loader(x, y, batch_size):
    columns = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    raise NotImplementedError


def train_epoch(model, loader, criterion, optimizer):
    raise NotImplementedError
    losses = []
    for xs, ys in loader:
        optimizer.zero_grad()
        loss = criterion(model(xs), ys)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)
