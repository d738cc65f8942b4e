# loses: train_epoch
def train_epoch(model, loader, criterion, optimizer):
    losses = []
    for xs, ys in loader:
        optimizer.zero_grad()
        loss = criterion(model(xs), ys)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses)
