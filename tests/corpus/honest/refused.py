"""What cannot work while grading, one thing a function. Loaded as a submission; each function raises."""

import torch


def a_thread_in_the_background():
    import threading

    threading.Thread(target=print, daemon=True).start()


def a_timer():
    import threading

    threading.Timer(0.01, print).start()


def a_pool_of_processes():
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor() as pool:
        return list(pool.map(str, [1]))


def a_process():
    import multiprocessing

    process = multiprocessing.Process(target=print)
    process.start()


def a_pool_of_multiprocessing():
    import multiprocessing

    with multiprocessing.Pool(2) as pool:
        return pool.map(abs, [-1])


def a_command():
    import subprocess

    return subprocess.run(["ls"], check=True)


def a_command_of_the_shell():
    import subprocess

    return subprocess.check_output("ls", shell=True)


def a_fork():
    import os

    return os.fork()


def a_download():
    import urllib.request

    return urllib.request.urlopen("http://example.com/data.csv")


def a_download_to_a_file():
    import urllib.request

    return urllib.request.urlretrieve("https://example.com/data.csv", "data.csv")


def a_connection():
    import http.client

    http.client.HTTPConnection("example.com").request("GET", "/")


def a_socket():
    import socket

    return socket.create_connection(("example.com", 80))


def weights_from_the_network():
    return torch.hub.load_state_dict_from_url("https://example.com/model.pt")


def a_file_outside():
    return open("/etc/passwd").read()


def a_file_at_home():
    from pathlib import Path

    return (Path("/root") / "data.csv").read_text()


def a_file_that_was_not_handed_in():
    return open("my_helper_data.csv").read()


def a_write_outside():
    with open("/tmp/results.csv", "w") as file:
        file.write("1")


def a_write_into_the_data_sets():
    with open("../datasets/line.csv", "a") as file:
        file.write("1")


def a_socket_of_its_own():
    import socket

    return socket.socket()


def a_profile_of_torch():
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]):
        torch.ones(3).sum()
