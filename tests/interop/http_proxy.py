"""The proxy of the package `proxy.py`, on a free port, for one user. It ends with its standard input."""

import sys

import proxy

if __name__ == "__main__":
    options = ["--hostname", "127.0.0.1", "--port", "0", "--num-acceptors", "1", "--num-workers", "1"]
    with proxy.Proxy([*options, "--basic-auth", sys.argv[1]]) as running:
        print(f"\nlistening 127.0.0.1:{running.flags.port}", flush=True)
        sys.stdin.read()
