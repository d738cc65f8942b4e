"""The trusted side of the pipe: start the fork server, get workers from it, call with a deadline, kill, drain output.

Nothing that arrives from a worker is believed: a frame is checked against the encoding before a byte of it is used,
and a worker that is late, gone or off the protocol is killed. torch is imported late, so that a fork server that was
started first imports its own at the same time.
"""
