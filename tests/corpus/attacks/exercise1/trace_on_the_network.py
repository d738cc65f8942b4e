# loses: loss
# Connects, listens, resolves names and downloads, over every family of sockets.
import asyncio
import socket
import struct
import urllib.request

import torch


def loss(y_pred, y):
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, 38, 40):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                made = socket.socket(family, kind)
            except OSError:
                continue
            print("LEFT a socket", family, kind)
            made.close()
    for attempt in (
        lambda: socket.create_connection(("127.0.0.1", 22), 1),
        lambda: socket.create_server(("127.0.0.1", 0)),
        lambda: socket.getaddrinfo("localhost", 80),
        lambda: urllib.request.urlopen("http://127.0.0.1/", timeout=1),
        lambda: torch.hub.load_state_dict_from_url("http://127.0.0.1/x.pt", "."),
        lambda: asyncio.run(asyncio.start_server(print, "127.0.0.1", 0)).sockets[0],
        lambda: socket.fromfd(3, socket.AF_UNIX, socket.SOCK_STREAM).connect("/var/run/docker.sock"),
        lambda: socket.socketpair()[0].sendto(b"x", "/run/dbus/system_bus_socket"),
        lambda: socket.socketpair()[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", 0))]),
    ):
        try:
            attempt()
        except Exception:
            continue
        print("LEFT a connection")
    return 0.0
