"""Presigns with botocore what main.rs has presigned: `compare.py PROGRAM SEED CASES`. The URLs must be the same."""

import collections
import datetime
import functools
import json
import re
import subprocess
import sys
import unittest.mock

import botocore
import botocore.session
from botocore.config import Config

SESSION = botocore.session.Session()


@functools.cache
def client(service, region, session):
    """A client as ours is: botocore signs in its own way and for the global host of S3, unless told not to. It sends odd values, too."""
    regional = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    as_ours = {"signature_version": "s3v4", "s3": regional} if service == "s3" else {}
    return SESSION.create_client(
        service,
        region,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG",
        aws_session_token=session,
        config=Config(parameter_validation=False, **as_ours),
    )


def presign(case):
    """botocore's URL at the time of the other one."""
    date = datetime.datetime.strptime(re.search("X-Amz-Date=([^&]*)", case["url"])[1], "%Y%m%dT%H%M%SZ")
    # The form that STS takes is in the query then. botocore would post nothing.
    method = {"HttpMethod": "GET"} if case["service"] == "sts" else {}
    with unittest.mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: date):
        return client(case["service"], case["region"], case["session"]).generate_presigned_url(
            botocore.xform_name(case["operation"]), Params=case["members"], ExpiresIn=case["seconds"], **method
        )


def parts(url):
    """A URL with its query sorted, as it is signed: the order of parameters means nothing."""
    address, _, query = url.partition("?")
    return address, sorted(query.split("&"))


program, seed, cases = sys.argv[1:]
lines = subprocess.run([program, seed, cases], check=True, stdout=subprocess.PIPE).stdout.splitlines()
same, different = collections.Counter(), 0
for line in lines:
    case = json.loads(line)
    expected = presign(case)
    if parts(expected) == parts(case["url"]):
        same[case["service"]] += 1
    else:
        different += 1
        print(f"DIFFERENT: {json.dumps(case['members'])} of {case['operation']} in {case['region']}")
        print(f"    botocore  {expected}\n    ours      {case['url']}")
counts = ", ".join(f"{count} of {cases} of {service}" for service, count in same.items())
print(f"presigned URLs of seed {seed} that are botocore's: {counts}")
sys.exit(different > 0 or len(lines) != 3 * int(cases))
