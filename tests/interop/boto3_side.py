"""Makes calls with boto3, as main.rs tells it: an order a line on standard input, its outcome a line back, both JSON."""

import base64
import datetime
import functools
import importlib.util
import json
import pathlib
import re
import sys
import unittest.mock
import urllib.request

import boto3
import botocore
import botocore.auth
import botocore.credentials
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.exceptions import ClientError

# One request a call, so that one call of this is to be compared with one call of the other client.
CONFIG = Config(retries={"total_max_attempts": 1, "mode": "standard"}, connect_timeout=5, read_timeout=30)


@functools.cache
def client(service="sagemaker-runtime", **settings):
    return boto3.session.Session().client(service, config=CONFIG, **settings)


def call(operation, settings, members):
    """The output with bytes as {"hex": ..} and a stream as a list, or the error that came as an answer, or why there was no answer."""
    if "Body" in members:
        members["Body"] = bytes.fromhex(members["Body"]["hex"])
    try:
        output = getattr(client(**settings), botocore.xform_name(operation))(**members)
        if "Body" in output:
            output["Body"] = payload(output["Body"])
        return output
    except ClientError as error:
        return error.response
    except Exception as error:  # Whatever it is, the other side shows it.
        return {"NoAnswer": f"{type(error).__name__}: {error}"}


def payload(body):
    """What is in a payload: bytes, or the events of a stream."""
    if isinstance(body, EventStream):
        return [{"PayloadPart": {"Bytes": {"hex": event["PayloadPart"]["Bytes"].hex()}}} for event in body]
    return {"hex": body.read().hex()}


def ask(service, operation, settings, members):
    """What another service answers, with bytes as {"hex": ..}."""
    output = getattr(client(service, **settings), operation)(**members)
    if "Body" in output:
        output["Body"] = payload(output["Body"])
    return output


def post(url, content):
    """Tells moto what to answer."""
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.status


@functools.cache
def token_generator():
    """The module of sagemaker-core that makes tokens. Importing it by its name would import all of the package."""
    package = pathlib.Path(importlib.util.find_spec("sagemaker").origin).parent
    path = package / "core/token_generator/token_generator.py"
    spec = importlib.util.spec_from_file_location("token_generator", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bearer_token(token, keys, region, seconds):
    """What sagemaker-core makes of the same, at the time of another token."""
    made = base64.b64decode(token.removeprefix("sagemaker-api-key-")).decode()
    date = datetime.datetime.strptime(re.search("X-Amz-Date=([^&]*)", made)[1], "%Y%m%dT%H%M%SZ")
    credentials = botocore.credentials.Credentials(*keys)
    with unittest.mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: date):
        return token_generator()._generate_token(credentials, region, seconds)


ORDERS = {"call": call, "ask": ask, "post": post, "bearer_token": bearer_token}

for line in sys.stdin:
    order = json.loads(line)
    outcome = ORDERS[order.pop("do")](**order)
    # A time is as good as its text.
    print(json.dumps(outcome, default=str), flush=True)
