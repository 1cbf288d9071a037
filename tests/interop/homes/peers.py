"""Everyone who is asked for credentials, on one port: STS, IAM Identity Center, AWS Sign-In, a container agent and instance metadata.

A key is named after all that led to it, so that equal names mean equal ways.
"""

import base64
import json
import re
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

EXPIRY = "2099-01-01T00:00:00Z"

# What tokens begin with that the services do not accept.
REFUSED = ("EXPIRED", "REVOKED")


def start():
    """Starts the server; returns its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class Peers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, error_type=None, **headers):
        body = body if isinstance(body, str) else json.dumps(body)
        headers |= {"x-amzn-errortype": error_type} if error_type else {}
        headers |= {"content-length": str(len(body)), "connection": "close"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_PUT(self):
        self.answer(200, "token", **{"x-aws-ec2-metadata-token-ttl-seconds": "21600"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path == "/token":
            self.renew_sso_token(json.loads(body))
        elif self.path == "/v1/token":
            self.renew_login(json.loads(body))
        else:
            self.assume_role(dict(urllib.parse.parse_qsl(body)))

    def assume_role(self, form):
        signer = re.search(r"Credential=(\w+)/", self.headers.get("authorization", ""))
        role = form["RoleArn"].rsplit("/")[-1]
        if role == "denied":
            code = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
            return self.answer(403, f"<ErrorResponse>{code}</ErrorResponse>")
        way = f"BY{signer[1]}" if signer else f"WITH{form['WebIdentityToken']}"
        action = form["Action"]
        self.answer(
            200,
            f"<{action}Response><{action}Result>"
            f"<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/{role}/s</Arn></AssumedRoleUser>"
            f"<Credentials><AccessKeyId>ROLE{role}{way}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            f"<SessionToken>t</SessionToken><Expiration>{EXPIRY}</Expiration></Credentials>"
            f"</{action}Result></{action}Response>",
        )

    def renew_sso_token(self, form):
        token = form["refreshToken"]
        if form["grantType"] != "refresh_token" or form["clientSecret"] != "secret" or token.startswith(REFUSED):
            return self.answer(400, {"error": "invalid_grant"}, "InvalidGrantException")
        renewed = {"accessToken": f"NEW{token}", "refreshToken": f"NEXT{token}", "tokenType": "Bearer", "expiresIn": 3600}
        self.answer(200, renewed)

    def renew_login(self, form):
        token = form["refreshToken"]
        if form["grantType"] != "refresh_token" or not self.has_proof():
            return self.answer(400, {"error": "INVALID_REQUEST", "message": "no"}, "ValidationException")
        if token.startswith(REFUSED):
            return self.answer(400, {"error": "TOKEN_EXPIRED", "message": "no"}, "AccessDeniedException")
        keys = {"accessKeyId": f"LOGIN{token}", "secretAccessKey": "s", "sessionToken": "t"}
        login = {"accessToken": keys, "refreshToken": f"NEXT{token}", "tokenType": "aws_sigv4", "expiresIn": 900}
        self.answer(200, login)

    def has_proof(self):
        """Whether the owner of a key has signed for this request."""
        header, payload, signature = (self.headers.get("dpop") or "..").split(".")
        key = json.loads(decode(header) or "{}").get("jwk", {})
        claims = json.loads(decode(payload) or "{}")
        if claims.get("htm") != "POST" or claims.get("htu") != f"http://{self.headers['host']}{self.path}":
            return False
        point = (int.from_bytes(decode(key[name])) for name in ("x", "y"))
        public = ec.EllipticCurvePublicNumbers(*point, ec.SECP256R1()).public_key()
        signature = decode(signature)
        halves = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
        try:
            public.verify(
                utils.encode_dss_signature(*halves), f"{header}.{payload}".encode(), ec.ECDSA(hashes.SHA256())
            )
        except InvalidSignature:
            return False
        return True

    def do_GET(self):
        keys = {"SecretAccessKey": "s", "Token": "t", "Expiration": EXPIRY}
        path, _, query = self.path.partition("?")
        if path.endswith("/security-credentials/"):
            self.answer(200, "machine")
        elif path.endswith("/machine"):
            self.answer(200, {"Code": "Success", "AccessKeyId": "INSTANCE", **keys})
        elif path == "/container":
            self.answer(200, {"AccessKeyId": "CONTAINER", **keys})
        elif path == "/federation/credentials":
            self.federate(dict(urllib.parse.parse_qsl(query)))
        else:
            self.answer(400, {"message": "no"})

    def federate(self, query):
        token = self.headers["x-amz-sso_bearer_token"]
        if token.startswith(REFUSED):
            return self.answer(401, {"message": "no"}, "UnauthorizedException")
        if query["role_name"] == "denied":
            return self.answer(403, {"message": "no"}, "ForbiddenException")
        key = f"SSO{query['role_name']}{token}"
        self.answer(
            200,
            {
                "roleCredentials": {
                    "accessKeyId": key,
                    "secretAccessKey": "s",
                    "sessionToken": "t",
                    "expiration": 4070908800000,
                }
            },
        )


def decode(text):
    """Base64 of URLs, without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
