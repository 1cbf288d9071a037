"""A server that keeps requests as they arrive, and gives each the answer that it is told to."""

import socket
import threading


class Recorder:
    """`answer` is (status, headers, body)."""

    def __init__(self):
        self.answer = None
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as reader:
            while request := self.read(reader, connection):
                self.requests.append(request)
                connection.sendall(self.response(request["method"]))

    def read(self, reader, connection):
        try:
            line = reader.readline()
        except ConnectionError:
            return None
        if not line:
            return None
        method, target, _ = line.decode("latin-1").split(" ")
        headers = []
        while (line := reader.readline().rstrip(b"\r\n")) != b"":
            name, _, value = line.partition(b":")
            headers.append((name.decode().lower(), value.strip(b" ").decode("utf-8", "surrogateescape")))
        fields = dict(headers)
        if fields.get("expect") == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = b"".join(self.chunks(reader)) if "transfer-encoding" in fields else b""
        body += reader.read(int(fields.get("content-length", 0)))
        return {"method": method, "target": target, "headers": headers, "body": body}

    @staticmethod
    def chunks(reader):
        while length := int(reader.readline().split(b";")[0], 16):
            yield reader.read(length)
            reader.readline()
        while reader.readline().strip():
            pass

    def response(self, method):
        status, headers, body = self.answer
        lines = [f"HTTP/1.1 {status} Reason", *(f"{name}: {value}" for name, value in headers)]
        lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        return head if method == "HEAD" else head + body

    def take(self):
        """The requests since the last time."""
        requests, self.requests = self.requests, []
        return requests
