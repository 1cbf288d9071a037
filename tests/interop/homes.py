"""Makes up homes, and compares what boto3 and this project's chain of credentials find in them.

    homes.py PROGRAM SEED COUNT

PROGRAM prints what the chain finds. Each home is a folder with files, and variables; boto3 and PROGRAM look at it in
processes of their own. STS, the portal of SSO, a container agent and instance metadata are played by this process. A key is
named after all that led to it, so that equal names mean equal ways.
"""

import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import botocore.credentials
import botocore.session
import botocore.tokens

EXPIRY = "2099-01-01T00:00:00Z"


class Peers(BaseHTTPRequestHandler):
    """Everyone who is asked."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        body = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body.encode())

    def do_PUT(self):
        self.answer(200, "token")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
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

    def do_GET(self):
        keys = {"SecretAccessKey": "s", "Token": "t", "Expiration": EXPIRY}
        path = self.path.split("?")[0]
        if path.endswith("/security-credentials/"):
            self.answer(200, "machine")
        elif path.endswith("/machine"):
            self.answer(200, {"Code": "Success", "AccessKeyId": "INSTANCE", **keys})
        elif path == "/container":
            self.answer(200, {"AccessKeyId": "CONTAINER", **keys})
        elif path == "/federation/credentials":
            token = self.headers["x-amz-sso_bearer_token"]
            sso = {"accessKeyId": f"SSO{token}", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4070908800000}
            self.answer(200, {"roleCredentials": sso})
        else:
            self.answer(400, {"message": "no"})


class Home:
    """Files and variables, made up as far as nothing is wanted."""

    def __init__(self, choose, url, wanted=None):
        self.choose = choose
        self.wanted = wanted or {}
        self.traits = set()
        self.files = {"token": "token"}
        self.config = {}
        self.credentials = {}
        self.sections = []
        self.variables = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
        self.variables |= {f"AWS_ENDPOINT_URL_{name}": url for name in ["STS", "SSO", "SSO_OIDC"]}
        self.make_environment(url)
        for name in ["default", "dev", "base"]:
            if choose.random() < 0.8 or name == (self.selected or "default"):
                self.make_profile(name)

    def trait(self, name):
        self.traits.add(name)

    def pick(self, what, options, weights=None):
        picked = self.choose.choices(options, weights)[0]
        return self.wanted.get(what, picked)

    def make_environment(self, url):
        choose = self.choose
        keys = self.pick("environment", ["none", "both", "id", "secret", "blank"], [70, 14, 4, 4, 8])
        self.trait(f"environment {keys}")
        if keys in ["both", "id"]:
            self.variables["AWS_ACCESS_KEY_ID"] = "ENVIRONMENT"
        if keys in ["both", "secret"]:
            self.variables["AWS_SECRET_ACCESS_KEY"] = "s"
        if keys == "blank":
            self.variables |= {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        self.selected = self.pick("selected", [None, "dev", "missing"], [55, 38, 7])
        self.trait(f"selected {self.selected}")
        if self.selected:
            self.variables["AWS_PROFILE"] = self.selected
        web = self.pick("web identity", ["none", "both", "file", "role"], [80, 12, 4, 4])
        self.trait(f"web identity {web}")
        if web in ["both", "file"]:
            self.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "HOME/token"
        if web in ["both", "role"]:
            self.variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/pod"
        if choose.random() < 0.15:
            self.trait("container")
            self.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{url}/container"
        if choose.random() < 0.2:
            self.trait("instance")
            self.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = url
        else:
            self.variables["AWS_EC2_METADATA_DISABLED"] = choose.choice(["true", "True"])

    def make_profile(self, name):
        choose = self.choose
        config = self.config.setdefault(name, {})
        keys = {"aws_access_key_id": f"KEYS{name}", "aws_secret_access_key": "s"}
        kinds = ["nothing", "keys", "keys in config", "half", "process", "process fails", "role", "role denied"]
        kinds += ["role of source", "role of both", "role of none", "web identity", "web identity without file", "sso", "sso session"]
        kinds += ["sso expired", "sso without region"]
        if name == (self.selected or "default"):
            kind = self.pick("profile", kinds)
            self.trait(f"profile {kind}")
        else:
            kind = choose.choice(kinds)
        role = {"role_arn": f"arn:aws:iam::1:role/{'denied' if kind == 'role denied' else name}"}
        if kind == "keys":
            self.credentials[name] = keys
        elif kind == "keys in config":
            config |= keys
        elif kind == "half":
            config["aws_access_key_id"] = "HALF"
        elif kind == "process":
            config["credential_process"] = f'echo \'{{"Version":1,"AccessKeyId":"PROCESS{name}","SecretAccessKey":"s"}}\''
        elif kind == "process fails":
            config["credential_process"] = "false"
        elif kind in ["role", "role denied"]:
            source = choose.choice(["base", "dev", "default", name, "nobody"])
            self.trait(f"source {source}")
            config |= role | {"source_profile": source}
            if choose.random() < 0.4:
                self.credentials[name] = keys
        elif kind == "role of source":
            source = choose.choice(["Environment", "EcsContainer", "Ec2InstanceMetadata", "Nowhere"])
            self.trait(f"source {source}")
            config |= role | {"credential_source": source}
        elif kind == "role of both":
            config |= role | {"credential_source": "Environment", "source_profile": "base"}
        elif kind == "role of none":
            config |= role
        elif kind.startswith("web identity"):
            file = "HOME/nowhere" if "without" in kind else "HOME/token"
            config |= role | {"web_identity_token_file": file}
        elif kind.startswith("sso"):
            config |= {"sso_account_id": "1", "sso_role_name": "r"}
            place = {"sso_start_url": f"https://{name}.awsapps.com/start#/", "sso_region": "eu-west-1"}
            if kind == "sso without region":
                del place["sso_region"]
            if kind == "sso session":
                config["sso_session"] = f"s{name}"
                self.sections.append((f"sso-session s{name}", place))
            else:
                config |= place
            key = f"s{name}" if kind == "sso session" else place["sso_start_url"]
            file = f".aws/sso/cache/{hashlib.sha1(key.encode()).hexdigest()}.json"
            expiry = "2020-01-01T00:00:00Z" if kind == "sso expired" else EXPIRY
            self.files[file] = json.dumps({"accessToken": f"TOKEN{name}", "expiresAt": expiry})

    def write(self, folder):
        def text(sections):
            return "".join(
                f"[{title}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
                for title, values in sections
            )

        titles = [(name if name == "default" else f"profile {name}", values) for name, values in self.config.items()]
        files = {
            **self.files,
            ".aws/config": text(titles + self.sections),
            ".aws/credentials": text(self.credentials.items()),
        }
        for path, content in files.items():
            path = os.path.join(folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(content.replace("HOME/", f"{folder}/"))
        variables = {name: value.replace("HOME/", f"{folder}/") for name, value in self.variables.items()}
        return variables | {"HOME": folder, "PATH": os.environ["PATH"]}


def boto3_finds(variables):
    """What boto3 finds, in a process of its own."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.environ.clear()
        os.environ.update(variables)
        # These were computed when the modules were imported.
        cache = os.path.expanduser("~/.aws/sso/cache")
        botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
        botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
        try:
            credentials = botocore.session.Session().get_credentials()
            if credentials is None:
                outcome = "none"
            else:
                outcome = f"found {credentials.get_frozen_credentials().access_key}"
        except Exception as error:  # whatever it is, that is the outcome
            outcome = f"failed {type(error).__name__}: {error}"
        os.write(writer, outcome.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        outcome = pipe.read()
    os.waitpid(child, 0)
    return outcome


def chain_finds(program, variables):
    return subprocess.run([program], env=variables, capture_output=True, text=True, check=True).stdout.strip()


def kind(outcome):
    word, _, rest = outcome.partition(" ")
    return f"found {rest}" if word == "found" else word


class Intended:
    """A difference that is wanted: what both find, a home that has it, and the reason."""

    def __init__(self, traits, theirs, ours, reason):
        self.theirs, self.ours, self.reason = theirs, ours, reason
        self.traits = {f"{what} {value}" for what, value in traits.items()}
        self.is_seen = False

    def fits(self, home, theirs, ours):
        return self.traits <= home.traits and theirs.startswith(self.theirs) and ours.startswith(self.ours)


INTENDED = [
    Intended(
        {"environment": "secret"},
        "",
        "failed `AWS_SECRET_ACCESS_KEY` is set",
        "half of a pair is a mistake, whichever half it is",
    ),
    Intended(
        {"web identity": "both"},
        "found ROLEpodWITHtoken",
        "",
        "a profile goes before the web identity of the environment",
    ),
    Intended({"web identity": "file"}, "failed", "", "a profile goes before the web identity of the environment"),
    Intended(
        {"web identity": "file", "profile": "web identity without file"},
        "found ROLE",
        "failed the web identity token",
        "the file of one place and the role of another are not put together",
    ),
    Intended(
        {"web identity": "role", "profile": "web identity"},
        "found ROLEpod",
        "found ROLE",
        "the role of one place and the file of another are not put together",
    ),
    Intended(
        {"selected": "missing", "environment": "both"},
        "failed ProfileNotFound",
        "found ENVIRONMENT",
        "keys of the environment end the search; a client reports the profile when it is built",
    ),
]

# Homes that have these differences for certain.
CERTAIN = [
    {"environment": "secret", "selected": None, "web identity": "none", "profile": "keys"},
    {"environment": "none", "selected": None, "web identity": "both", "profile": "keys"},
    {"environment": "none", "selected": None, "web identity": "file", "profile": "keys"},
    {"environment": "none", "selected": None, "web identity": "file", "profile": "web identity without file"},
    {"environment": "none", "selected": None, "web identity": "role", "profile": "web identity"},
    {"environment": "both", "selected": "missing", "web identity": "none"},
]


def main():
    program, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    choose = random.Random(seed)
    failures, outcomes = 0, {}
    for number in range(count):
        home = Home(choose, url, CERTAIN[number] if number < len(CERTAIN) else None)
        with tempfile.TemporaryDirectory() as folder:
            variables = home.write(folder)
            theirs, ours = boto3_finds(variables), chain_finds(program, variables)
        outcomes[kind(ours).split()[0]] = outcomes.get(kind(ours).split()[0], 0) + 1
        if kind(theirs) == kind(ours):
            continue
        wanted = [difference for difference in INTENDED if difference.fits(home, theirs, ours)]
        for difference in wanted:
            difference.is_seen = True
        if wanted:
            continue
        failures += 1
        print(f"home {number}: {', '.join(sorted(home.traits))}\n  boto3: {theirs}\n  chain: {ours}")
    for difference in INTENDED:
        if not difference.is_seen:
            failures += 1
            print(f"never seen: {difference.reason}")
    print(f"{count} homes of seed {seed}: {outcomes}; {failures} differences that nobody wants")
    sys.exit(failures > 0)


main()
