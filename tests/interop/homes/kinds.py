"""What kind of outcome is described by the words of everyone. Each row has a kind of failure and how boto3, aws-config and
this project's chain say it, as regular expressions. aws-config says nothing where it goes on instead."""

import re

from intended import BOTO3, OFFICIAL

OURS = "ours"

NEVER = "(?!)"

FAILURES = [
    ("half of a pair", r"Partial.* in (env|.*-file)", r"missing aws_secret", r"is set, but not `AWS_(ACC|SEC)|but no `aws_secret"),
    ("no such profile", r"ProfileNotFound", NEVER, r"selects the profile"),
    ("no such source profile", r"source_profile .* does not exist", NEVER, r"has the `source_profile` .*, but there is no"),
    ("a role over itself", r"InfiniteLoop", r"profile formed an infinite loop", r"for the role that is assumed with it|circle"),
    ("a role over nothing", r"must have credentials", r"did not contain credential", r"for the role that is assumed with it|bearer token"),
    ("a role without a source", r"Partial.* in assume-role", r"neither were defined", r"neither `source_profile` nor"),
    ("a role with two sources", r"contains both", r"contained both", r"both `source_profile`"),
    ("an unknown source", r"Nowhere", r"Nowhere", r"Nowhere"),
    ("a source with nothing", r"No credentials found in credential_source", r"provider was not enabled", r"has no credentials for its role: (dis|nei)"),
    ("a role denied", r"AccessDenied\) when calling the AssumeRole", r"error \(AccessDenied\)", r"AccessDenied \(403\)"),
    ("no token file", r"FileNotFoundError", r"^[^`]*No such file", r"the web identity token .* cannot be read"),
    ("a token without a role", r"no role ARN configured", NEVER, r"`AWS_WEB_IDENTITY_TOKEN_FILE` is set, but not"),
    ("half of an SSO profile", r"missing required configuration", r"invalid SSO config", r"uses SSO, but has|but no `sso_"),
    ("no SSO token", r"SSOTokenLoadError|Token for .* does not exist", r"failed to read `.*/sso/", r"the SSO token is missing"),
    (
        "an SSO token that is over",
        r"UnauthorizedSSOToken|TokenRetrievalError",
        r"UnauthorizedException|token has expired",
        r"the SSO token .* (expired|no longer accepted|cannot be renewed)",
    ),
    ("an SSO role denied", r"ForbiddenException", r"ForbiddenException", r"the SSO portal refused"),
    ("no login", r"LoginTokenLoadError", r"failed to read `.*/login", r"the login is missing"),
    ("a login that is over", r"LoginRefreshRequired", r"failed to refresh cached Login", r"the login .* has expired"),
    ("a process", r"custom-process", r"external process exited", r"`credential_process` .* failed"),
]


def kinds(who, outcome):
    """The kinds of failure that the words may mean. There are none if no row has them."""
    column = {BOTO3: 1, OFFICIAL: 2, OURS: 3}[who]
    return {row[0] for row in FAILURES if re.search(row[column], outcome)}


def is_same(who, theirs, ours):
    """Whether both have found the same key or nothing, or have failed for the same reason as far as that is known."""
    theirs, ours = theirs.partition(" "), ours.partition(" ")
    if theirs[0] != ours[0] or theirs[0] == "none":
        return theirs[0] == ours[0]
    if theirs[0] == "found":
        return theirs[2] == ours[2]
    theirs, ours = kinds(who, theirs[2]), kinds(OURS, ours[2])
    return not theirs or not ours or bool(theirs & ours)
