"""Homes: folders with files, and variables, made up as far as nothing is wanted."""

import hashlib
import json
import os

from peers import EXPIRY

PAST = "2020-01-01T00:00:00Z"

# Of the curve P-256, as `aws login` keeps one.
DPOP_KEY = """-----BEGIN EC PRIVATE KEY-----
MHcCAQEEII1iFU/iG0UUXloQZk7olK8UEkc+P0T1U/wk6sqm+N3voAoGCCqGSM49
AwEHoUQDQgAE+J6uAF3RtEP80iEPA6jWIab3Vvg89vD/1ypOmctAKZB5jv8KMk3O
a130IpFWjUDgea4uNY3zO4y/FC4z1anuOg==
-----END EC PRIVATE KEY-----
"""

KINDS = [
    *["nothing", "keys", "keys in config", "half", "process", "process fails"],
    *["role", "role denied", "role of source", "role of both", "role of none"],
    *["web identity", "web identity without file"],
    *["sso", "sso session", "sso expired", "sso without region", "sso without account", "sso without role"],
    *["sso logged out", "sso role denied"],
    *["sso session renewed", "sso session refused", "sso session revoked", "sso session registration over"],
    *["login", "login renewed", "login refused", "login logged out"],
]


class Home:
    """`traits` say what it has, `wanted` what it must have."""

    def __init__(self, choose, url, wanted=None):
        self.choose = choose
        self.wanted = wanted or {}
        self.traits = set()
        self.files = {"token": "token"}
        self.config = {}
        self.credentials = {}
        self.sections = []
        self.kinds = {}
        self.variables = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
        self.make_environment(url)
        for name in ["default", "dev", "base"]:
            if choose.random() < 0.8 or name == (self.selected or "default") or name in self.wanted:
                self.make_profile(name)
        sources = {name: config["source_profile"] for name, config in self.config.items() if "source_profile" in config}
        if not set(sources.values()) <= set(self.config):
            self.traits.add("source absent")
        if any(name == source for name, source in sources.items()):
            self.traits.add("source itself")
        if any(self.kinds.get(source) == "sso without role" for source in sources.values()):
            self.traits.add("source without keys")

    def pick(self, what, options, weights=None):
        """One of the options, which becomes a trait."""
        picked = self.wanted.get(what, self.choose.choices(options, weights)[0])
        self.traits.add(f"{what} {picked}")
        return picked

    def make_environment(self, url):
        services = ["STS", "SSO", "SSO_OIDC", "SIGNIN"]
        endpoints = self.pick("endpoints", ["each", "all"], [70, 30])
        names = [f"AWS_ENDPOINT_URL_{name}" for name in services] if endpoints == "each" else ["AWS_ENDPOINT_URL"]
        self.variables |= {name: url for name in names}
        keys = self.pick("environment", ["none", "both", "id", "secret", "blank"], [70, 14, 4, 4, 8])
        if keys in ["both", "id"]:
            self.variables["AWS_ACCESS_KEY_ID"] = "ENVIRONMENT"
        if keys in ["both", "secret"]:
            self.variables["AWS_SECRET_ACCESS_KEY"] = "s"
        if keys == "blank":
            self.variables |= {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        self.selected = self.pick("selected", [None, "dev", "missing"], [55, 38, 7])
        if self.selected:
            self.variables["AWS_PROFILE"] = self.selected
        web = self.pick("web identity", ["none", "both", "file", "role"], [80, 12, 4, 4])
        if web in ["both", "file"]:
            self.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "HOME/token"
        if web in ["both", "role"]:
            self.variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/pod"
        if self.pick("container", ["none", "agent"], [85, 15]) == "agent":
            self.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{url}/container"
        if self.pick("instance", ["none", "service"], [80, 20]) == "service":
            self.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = url
        else:
            self.variables["AWS_EC2_METADATA_DISABLED"] = self.choose.choice(["true", "True"])
        self.logins = self.pick("logins", [".aws/login/cache", "logins"], [70, 30])
        if self.logins == "logins":
            self.variables["AWS_LOGIN_CACHE_DIRECTORY"] = "HOME/logins"

    def make_profile(self, name):
        choose = self.choose
        config = self.config.setdefault(name, {})
        keys = {"aws_access_key_id": f"KEYS{name}", "aws_secret_access_key": "s"}
        is_selected = name == (self.selected or "default")
        kind = self.pick("profile", KINDS) if is_selected else self.wanted.get(name, choose.choice(KINDS))
        self.kinds[name] = kind
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
            config |= role | {"source_profile": self.pick("source", ["base", "dev", "default", name, "nobody"])}
            if self.pick("role beside", ["nothing", "keys"], [60, 40]) == "keys":
                self.credentials[name] = keys
        elif kind == "role of source":
            sources = ["Environment", "EcsContainer", "Ec2InstanceMetadata", "Nowhere"]
            config |= role | {"credential_source": self.pick("source", sources)}
        elif kind == "role of both":
            config |= role | {"credential_source": "Environment", "source_profile": "base"}
        elif kind == "role of none":
            config |= role
        elif kind.startswith("web identity"):
            file = "HOME/nowhere" if "without" in kind else "HOME/token"
            config |= role | {"web_identity_token_file": file}
        elif kind.startswith("sso"):
            self.make_sso(name, kind, config)
        elif kind.startswith("login"):
            self.make_login(name, kind, config)

    def make_sso(self, name, kind, config):
        config |= {"sso_account_id": "1", "sso_role_name": "denied" if kind == "sso role denied" else "r"}
        place = {"sso_start_url": f"https://{name}.awsapps.com/start#/", "sso_region": "eu-west-1"}
        if kind == "sso without region":
            del place["sso_region"]
        if kind == "sso without account":
            del config["sso_account_id"]
        if kind == "sso without role":
            del config["sso_account_id"], config["sso_role_name"]
        has_session = kind.startswith("sso session") or kind == "sso without role"
        if has_session:
            config["sso_session"] = f"s{name}"
            self.sections.append((f"sso-session s{name}", place))
        else:
            config |= place
        if kind == "sso logged out":
            return
        token = {"accessToken": f"TOKEN{name}", "expiresAt": EXPIRY}
        if kind == "sso expired":
            token = {"accessToken": f"EXPIRED{name}", "expiresAt": PAST}
        elif kind == "sso session revoked":
            token["accessToken"] = f"REVOKED{name}"
        elif kind.startswith("sso session "):
            token = {"accessToken": f"EXPIRED{name}", "expiresAt": PAST}
            token |= {"clientId": "id", "clientSecret": "secret", "registrationExpiresAt": EXPIRY}
            token["refreshToken"] = f"{'REVOKED' if kind == 'sso session refused' else 'REFRESH'}{name}"
            if kind == "sso session registration over":
                token["registrationExpiresAt"] = PAST
        key = f"s{name}" if has_session else place["sso_start_url"]
        token |= {"startUrl": place["sso_start_url"], "region": "eu-west-1"}
        self.files[f".aws/sso/cache/{hashlib.sha1(key.encode()).hexdigest()}.json"] = json.dumps(token)

    def make_login(self, name, kind, config):
        session = f"arn:aws:iam::1:user/{name}"
        config["login_session"] = session
        if kind == "login logged out":
            return
        keys = {"accessKeyId": f"LOGIN{name}", "secretAccessKey": "s", "sessionToken": "t", "accountId": "1"}
        keys["expiresAt"] = EXPIRY if kind == "login" else PAST
        refresh_token = f"{'EXPIRED' if kind == 'login refused' else 'REFRESH'}{name}"
        login = {"accessToken": keys, "refreshToken": refresh_token, "dpopKey": DPOP_KEY}
        login |= {"clientId": "arn:aws:signin:::devtools/same-device", "tokenType": "aws_sigv4", "idToken": "token"}
        self.files[f"{self.logins}/{hashlib.sha256(session.encode()).hexdigest()}.json"] = json.dumps(login)

    def write(self, folder):
        """Writes the files; returns the variables."""

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
