"""Makes the same random calls with boto3 and with the clients of this project, and compares requests and outcomes.

    services PROGRAM SEED CASES NAME..

PROGRAM makes our calls: `tests/src/calls.rs`. Both send to a server that records requests and answers at random, as the
descriptions of the services say. At last both call a moto server.
"""

import datetime
import json
import math
import os
import random
import subprocess
import sys
import unittest.mock
import uuid

import botocore.session
import on_moto
from answers import Answers
from botocore.config import Config
from botocore.exceptions import ClientError
from intended import INTENDED
from recorder import Recorder
from values import Values, as_json
from wire import SECRET_KEY, differences, kind, request

FOLDER = os.path.dirname(__file__)
TOKEN = uuid.UUID("00000000-0000-4000-8000-000000000000")
NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)

# How many more calls of an operation are made to see a difference that is wanted.
PATIENCE = 200

# How much of a value is shown.
SHOWN = 400


class Ours:
    """The program that makes our calls."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, service, url, operation, members):
        order = {"service": service, "url": url, "operation": operation, "members": members}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the program has ended with {self.process.wait()}: {json.dumps(order)}")
        outcome = json.loads(line)
        error = outcome.get("error")
        if error and error["code"] is None:
            return {"failure": error["text"]}
        if error:
            return {"error": error | {"message": error["message"] or "", "text": None}}
        return outcome


class Theirs:
    """botocore's client of a service, in a protocol of choice."""

    def __init__(self, service, protocol, url):
        session = botocore.session.Session()
        loader = session.get_component("data_loader")
        model = loader.load_service_model(service, "service-2")
        if protocol:
            # What the loader returns is cached, and what the client is made of.
            model["metadata"]["protocols"] = [protocol]
        self.client = session.create_client(
            service,
            "us-east-1",
            endpoint_url=url,
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key=SECRET_KEY,
            config=Config(
                parameter_validation=False,
                retries={"total_max_attempts": 1, "mode": "standard"},
                # As ours, whose payloads are signed over plain HTTP.
                signature_version="v4" if service != "s3" else "s3v4",
            ),
        )
        self.model = self.client.meta.service_model

    def call(self, operation, members):
        method = getattr(self.client, botocore.xform_name(operation))
        shape = self.model.operation_model(operation).output_shape
        try:
            output = method(**members)
        except ClientError as error:
            return {"error": self.error(error.response)}
        except Exception as error:  # whatever it is, that is the outcome
            return {"failure": f"{type(error).__name__}: {error}"}
        output.pop("ResponseMetadata", None)
        for name, value in output.items():
            if hasattr(value, "read"):
                output[name] = value.read()
        return {"output": as_json(shape, output, text, special) if shape else output}

    def error(self, response):
        code, message = (response["Error"].get(it) for it in ("Code", "Message"))
        shape, members = self.error_shape(code), {}
        if shape:
            described = {name: it for name, it in response.items() if name in shape.members}
            members = as_json(shape, described, text, special)
        return {"code": code, "message": message or "", "members": members, "text": None}

    def error_shape(self, code):
        return next((it for it in self.model.error_shapes if code in (it.name, it.error_code)), None)

    def kind(self, operation, outcome, path):
        """What kind of value is at a place in an outcome."""
        if path[0] == "output":
            return kind(self.model.operation_model(operation).output_shape, path[1:])
        return kind(self.error_shape(outcome["error"]["code"]), path[2:]) if "members" in path[:2] else None


def text(blob):
    """Bytes as the program shows them."""
    return blob.decode("utf-8", "replace")


def special(number):
    """A float as the program shows it."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def one_case(name, theirs, ours, recorder, operation, errors, choose):
    """Where the calls of both differ."""
    protocol = theirs.model.resolved_protocol
    values = Values(choose, is_xml=protocol not in ("json", "smithy-rpc-v2-cbor"))
    described = theirs.model.operation_model(operation)
    members = values.of(described.input_shape) if described.input_shape else {}
    answers = Answers(theirs.model, errors, choose, values)
    answer = answers.error(described) if choose.random() < 0.3 else answers.output(described)
    recorder.answer = answer
    as_input = as_json(described.input_shape, members, bytes.hex, repr) if described.input_shape else {}
    their_outcome, their_requests = theirs.call(operation, members), recorder.take()
    our_outcome, our_requests = ours.call(name, recorder.url, operation, as_input), recorder.take()
    sent = [[request(it, protocol) for it in requests] for requests in (their_requests, our_requests)]
    found = []
    if len(sent[0]) == len(sent[1]) == 1:
        found += [(".".join(["request", *path]), *both) for path, *both in differences(*(it[0] for it in sent))]
        found += [("signature", *(it[0]["signature"] for it in sent))] if "wrong" in sent[1][0]["signature"] else []
        codes = [it.get("error", {}).get("code") for it in (their_outcome, our_outcome)]
        if codes[0] != codes[1]:
            # What an error has depends on which it is.
            found.append(("error.code", *(str(it) for it in codes)))
        elif their_outcome.keys() != our_outcome.keys():
            found.append(("outcome", their_outcome, our_outcome))
        else:
            for path, *both in differences(their_outcome, our_outcome):
                what = theirs.kind(operation, their_outcome, path)
                found.append((".".join(path) + (f" ({what})" if what else ""), *both))
    else:
        outcomes = zip(sent, (their_outcome, our_outcome))
        found.append(("request", *(f"{len(it)} sent: {outcome}" for it, outcome in outcomes)))
    return found, as_input, answer


def show(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Comparison:
    """The calls of a service's operations, each with both."""

    def __init__(self, name, settings, ours, recorder, seed):
        self.name, self.ours, self.recorder, self.seed = name, ours, recorder, seed
        self.theirs = Theirs(settings.get("service", name), settings.get("protocol"), recorder.url)
        self.operations = settings["operations"]
        # Those that our client knows: what no operation has, it does not have.
        models = [self.theirs.model.operation_model(it) for it in self.operations]
        self.errors = [shape for it in models for shape in it.error_shapes]
        self.calls = self.failed = 0

    def case(self, operation, number):
        """Makes a call, and prints where both differ although that is not wanted."""
        self.calls += 1
        choose = random.Random(f"{self.seed} {self.name} {operation} {number}")
        found, members, answer = one_case(
            self.name, self.theirs, self.ours, self.recorder, operation, self.errors, choose
        )
        left = [it for it in found if not self.is_intended(operation, *it)]
        if not left:
            return
        self.failed += 1
        print(f"DIFFERENT {self.name} {operation}, case {number} of seed {self.seed}")
        print(f"    members  {show(members)[:SHOWN]}\n    answer   {answer[0]} {answer[1]} {answer[2][:SHOWN]}")
        for place, theirs, ours in left[:4]:
            print(f"  {place}\n    botocore {show(theirs)[:SHOWN]!r}\n    ours     {show(ours)[:SHOWN]!r}")

    def is_intended(self, operation, place, theirs, ours):
        values = f"{show(theirs)} → {show(ours)}"
        wanted = [it for it in INTENDED if it.fits(self.name, operation, place, values)]
        for difference in wanted:
            difference.is_seen = True
        return bool(wanted)

    def seek(self, difference, cases):
        """Makes more calls until a difference is seen that is wanted."""
        operations = [it for it in self.operations if difference.operations.fullmatch(it)]
        for number in range(cases, cases + PATIENCE):
            for operation in operations if self.name in difference.services else []:
                if not difference.is_seen:
                    self.case(operation, number)


def main():
    program, seed, cases, *names = sys.argv[1:]
    with open(os.path.join(FOLDER, "services.json")) as file:
        services = json.load(file)
    recorder, ours = Recorder(), Ours(program)
    comparisons = [Comparison(name, services[name], ours, recorder, seed) for name in names]
    for it in comparisons:
        for operation in it.operations:
            for number in range(int(cases)):
                it.case(operation, number)
        protocol = it.theirs.model.resolved_protocol
        print(f"{it.name}: {len(it.operations)} operations, {protocol}, {it.failed} calls that differ", flush=True)
    missed = 0
    for difference in INTENDED:
        for it in comparisons:
            it.seek(difference, int(cases))
        if not difference.is_seen and set(difference.services) & set(names):
            missed += 1
            print(f"never seen: {difference.place.pattern} {difference.values.pattern}: {difference.reason}")
    failed = sum(it.failed for it in comparisons) + missed + on_moto.check(ours, names)
    print(f"{sum(it.calls for it in comparisons)} calls of seed {seed}, {failed} failures")
    sys.exit(failed > 0)


with unittest.mock.patch("uuid.uuid4", lambda: TOKEN):
    main()
