"""Differences that are wanted, as data. One that is never seen fails the run."""


class Intended:
    """Who differs, in which homes, what they find and what this project's chain finds, and the reason."""

    def __init__(self, who, traits, theirs, ours, reason):
        self.who, self.theirs, self.ours, self.reason = who, theirs, ours, reason
        self.traits = {f"{what} {value}" for what, value in traits.items()}
        self.is_seen = False

    def fits(self, who, home, theirs, ours):
        is_such = self.who == who and self.traits <= home.traits
        return is_such and theirs.startswith(self.theirs) and ours.startswith(self.ours)


BOTO3 = "boto3"
OFFICIAL = "aws-config"

INTENDED = [
    Intended(
        BOTO3,
        {"environment": "secret"},
        "",
        "failed `AWS_SECRET_ACCESS_KEY` is set",
        "half of a pair is a mistake, whichever half it is",
    ),
    Intended(
        BOTO3,
        {"web identity": "both"},
        "found ROLEpodWITHtoken",
        "",
        "a profile goes before the web identity of the environment",
    ),
    Intended(BOTO3, {"web identity": "file"}, "failed", "", "a profile goes before the web identity of the environment"),
    Intended(
        BOTO3,
        {"web identity": "file", "profile": "web identity without file"},
        "found ROLE",
        "failed the web identity token",
        "the file of one place and the role of another are not put together",
    ),
    Intended(
        BOTO3,
        {"web identity": "role", "profile": "web identity"},
        "found ROLEpod",
        "found ROLE",
        "the role of one place and the file of another are not put together",
    ),
    Intended(
        BOTO3,
        {"selected": "missing", "environment": "both"},
        "failed ProfileNotFound",
        "found ENVIRONMENT",
        "keys of the environment end the search; a client reports the profile when it is built",
    ),
    Intended(
        BOTO3,
        {"selected": "missing", "environment": "id"},
        "failed ProfileNotFound",
        "failed `AWS_ACCESS_KEY_ID` is set",
        "the environment is looked at before the profile",
    ),
    Intended(
        OFFICIAL,
        {"environment": "id"},
        "",
        "failed `AWS_ACCESS_KEY_ID` is set",
        "half of a pair is a mistake, whichever half it is",
    ),
    Intended(
        OFFICIAL,
        {"environment": "secret"},
        "",
        "failed `AWS_SECRET_ACCESS_KEY` is set",
        "half of a pair is a mistake, whichever half it is",
    ),
    Intended(
        OFFICIAL,
        {"selected": "missing"},
        "",
        "failed `AWS_PROFILE` selects the profile `missing`",
        "going on without the profile that is selected could take the role of the machine",
    ),
    Intended(
        OFFICIAL,
        {"source": "absent"},
        "",
        "failed the profile",
        "going on without a source profile could take the role of the machine",
    ),
    Intended(
        OFFICIAL,
        {"source": "itself"},
        "",
        "failed the profile",
        "going on with a role over no keys could take the role of the machine",
    ),
    Intended(
        OFFICIAL,
        {"source": "without keys"},
        "",
        "failed the profile",
        "going on with a role over a login without keys could take the role of the machine",
    ),
    Intended(
        OFFICIAL,
        {"profile": "sso without region"},
        "",
        "failed the profile",
        "going on with a login that is not complete could take the role of the machine",
    ),
    Intended(
        OFFICIAL,
        {"web identity": "file"},
        "",
        "failed `AWS_WEB_IDENTITY_TOKEN_FILE` is set, but not `AWS_ROLE_ARN`",
        "a token without a role is a mistake",
    ),
]

# Nobody else has credentials.
NOBODY = {"environment": "none", "selected": None, "web identity": "none", "container": "none", "instance": "none"}

# Homes that have these differences for certain.
CERTAIN = [
    {"environment": "secret", "selected": None, "web identity": "none", "profile": "keys"},
    {"environment": "id", "selected": None, "web identity": "none", "profile": "keys"},
    {"environment": "none", "selected": None, "web identity": "both", "profile": "keys"},
    {"environment": "none", "selected": None, "web identity": "file", "profile": "keys"},
    {"environment": "none", "selected": None, "web identity": "file", "profile": "nothing"},
    {"environment": "none", "selected": None, "web identity": "file", "profile": "web identity without file"},
    {"environment": "none", "selected": None, "web identity": "role", "profile": "web identity"},
    {"environment": "both", "selected": "missing", "web identity": "none"},
    {"environment": "id", "selected": "missing", "web identity": "none"},
    NOBODY | {"selected": "missing"},
    NOBODY | {"profile": "role", "source": "nobody"},
    NOBODY | {"profile": "role", "source": "default", "role beside": "nothing"},
    NOBODY | {"profile": "role", "source": "base", "role beside": "nothing", "base": "sso without role"},
    NOBODY | {"profile": "sso without region"},
]
