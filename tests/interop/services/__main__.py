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

# With so many calls of each operation, each difference that is wanted is seen.
ENOUGH = 20

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
            members = as_json(shape, {name: it for name, it in response.items() if name in shape.members}, text, special)
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
    return number if math.isfinite(number) else "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def one_case(name, theirs, ours, recorder, operation, errors, choose):
    """Where the calls of both differ."""
    protocol = theirs.model.resolved_protocol
    values = Values(choose, is_xml=protocol not in ("json", "smithy-rpc-v2-cbor"))
    described = theirs.model.operation_model(operation)
    members = values.of(described.input_shape) if described.input_shape else {}
    answers = Answers(theirs.model, errors, choose, values)
    answer = answers.error(described) if choose.random() < 0.25 else answers.output(described)
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
        found.append(("request", *(f"{len(it)} sent: {outcome}" for it, outcome in zip(sent, (their_outcome, our_outcome)))))
    return found, as_input, answer


def show(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def main():
    program, seed, cases, *names = sys.argv[1:]
    with open(os.path.join(FOLDER, "services.json")) as file:
        services = json.load(file)
    recorder, ours = Recorder(), Ours(program)
    count, failed = 0, 0
    for name in names:
        settings = services[name]
        theirs = Theirs(settings.get("service", name), settings.get("protocol"), recorder.url)
        operations = settings["operations"]
        unwanted = 0
        # Those that our client knows: what no operation has, it does not have.
        errors = [it for operation in operations for it in theirs.model.operation_model(operation).error_shapes]
        for operation in operations:
            for number in range(int(cases)):
                choose = random.Random(f"{seed} {name} {operation} {number}")
                found, members, answer = one_case(name, theirs, ours, recorder, operation, errors, choose)
                left = [it for it in found if not is_intended(name, operation, *it)]
                count += 1
                if left:
                    unwanted += 1
                    print(f"DIFFERENT {name} {operation}, case {number} of seed {seed}")
                    print(f"    members  {show(members)[:SHOWN]}\n    answer   {answer[0]} {answer[1]} {answer[2][:SHOWN]}")
                for place, their, our in left[:4]:
                    print(f"  {place}\n    botocore {show(their)[:SHOWN]!r}\n    ours     {show(our)[:SHOWN]!r}")
        print(f"{name}: {len(operations)} operations, {theirs.model.resolved_protocol}, {unwanted} calls that differ", flush=True)
        failed += unwanted
    for difference in INTENDED if int(cases) >= ENOUGH else []:
        if not difference.is_seen and set(difference.services) & set(names):
            failed += 1
            print(f"never seen: {difference.where.pattern}: {difference.values.pattern}: {difference.reason}")
    failed += on_moto.check(ours, names)
    print(f"{count} calls of seed {seed}, {failed} differences that nobody wants")
    sys.exit(failed > 0)


def is_intended(name, operation, place, theirs, ours):
    where = f"{operation} {place}"
    wanted = [it for it in INTENDED if it.fits(name, where, f"{show(theirs)} → {show(ours)}")]
    for difference in wanted:
        difference.is_seen = True
    return bool(wanted)


with unittest.mock.patch("uuid.uuid4", lambda: TOKEN):
    main()
