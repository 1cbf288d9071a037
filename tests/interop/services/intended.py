"""Differences that are wanted, as data. One that is never seen fails the run."""

import re


class Intended:
    """In which services, in which operations and where both sides differ, what each has there, and the reason.

    `operations` and `place` are patterns, and so is `values`, for `THEIRS → OURS` as JSON.
    """

    def __init__(self, services, operations, place, values, reason):
        self.services = services.split()
        patterns = (operations, place, values)
        self.operations, self.place, self.values = (re.compile(it, re.DOTALL) for it in patterns)
        self.reason = reason
        self.is_seen = False

    def fits(self, service, operation, place, values):
        is_there = service in self.services and self.operations.fullmatch(operation)
        return is_there and self.place.fullmatch(place) and self.values.fullmatch(values)


OF_JSON = "cloudwatch dynamodb sagemaker sqs"
OF_FORMS = "cloudwatch-query ec2 sts"
ALL = f"{OF_JSON} {OF_FORMS} cloudwatch-cbor s3"
NOTHING = r"\(nothing\)"

INTENDED = [
    Intended(ALL, ".*", "request.header.user-agent", ".*", "each names itself"),
    Intended(ALL, ".*", "request.header.amz-sdk-invocation-id", ".*", "random"),
    Intended(
        ALL,
        ".*",
        "request.header.accept-encoding",
        f"identity → {NOTHING}",
        "Python's http.client adds it; without it services compress nothing either",
    ),
    Intended(
        OF_FORMS,
        ".*",
        "request.header.content-type",
        "(application/x-www-form-urlencoded); charset=utf-8 → \\1",
        "forms are ASCII",
    ),
    Intended(
        "s3",
        ".*",
        "request.header.content-type",
        f"{NOTHING} → application/(xml|octet-stream)|{NOTHING} → text/plain",
        "a body has a type: the default of Smithy's protocol tests and the other SDKs",
    ),
    Intended(
        "cloudwatch-query ec2 s3",
        ".*",
        "request.body..*",
        r".*\.\d{3}000Z.*→.*\.\d+Z.*",
        "a fraction of a second has no more digits than it needs",
    ),
    Intended("cloudwatch-query ec2", ".*", "request.body..*", r"(-?\d+)\.0 → \1", "the same number"),
    Intended(
        "s3",
        ".*",
        "request.header.x-amz-(optional-)?object-attributes",
        '.*,.* → .*, .*| → ""',
        "a space after a comma in a list means nothing, and an element without text needs quotes to be one",
    ),
    Intended(
        "ec2",
        "RunInstances",
        "request.body.UserData.*",
        ".*",
        "the caller encodes, as with the other SDKs; botocore does it for one operation of two services",
    ),
    Intended("ec2", "GetConsoleOutput", "output.Output.*", ".*", "as above: the caller decodes"),
    Intended(
        "s3",
        ".*",
        "request.header.x-amz-(copy-source-)?server-side-encryption-customer-key",
        f".+ → (?!{NOTHING}).+",
        "the caller encodes the key and gives its MD5, as with the other SDKs; botocore does so where the MD5 is missing",
    ),
    Intended(
        "s3",
        ".*",
        "request.header.x-amz-(copy-source-)?server-side-encryption-customer-key-md5",
        f".+ → {NOTHING}",
        "as above",
    ),
    Intended(
        "s3",
        ".*",
        "request.header.x-amz-copy-source",
        f".+ → (?!{NOTHING}).+",
        "the caller encodes the key, as with the other SDKs",
    ),
    Intended(
        "s3",
        ".*",
        "request.query.encoding-type",
        rf'\["url"\] → {NOTHING}',
        "the caller asks for it and decodes, as with the other SDKs",
    ),
    Intended("s3", ".*", "request.header.expect", f"100-continue → {NOTHING}", "a refused payload costs only time"),
    Intended(
        ALL, ".*", r"(output|error.members)\..* \(list\)", rf"{NOTHING} → \[\]", "a list that is not there is an empty one"
    ),
    Intended(
        f"{OF_JSON} cloudwatch-cbor cloudwatch-query",
        ".*",
        r"(output|error.members)\..* \(map\)",
        rf"{NOTHING} → \{{\}}",
        "so is a map",
    ),
    Intended(
        "s3",
        ".*",
        r"output\..* \(structure\)",
        rf"\{{\}} → {NOTHING}",
        "no body is no structure",
    ),
    Intended("s3", "GetBucketLocation", "output.LocationConstraint.*", f"null → {NOTHING}", "unset, in either language"),
    Intended("s3", "GetBucketPolicy", "output.Policy.*", f" → {NOTHING}", "no body is no policy"),
    Intended(
        "s3",
        "Head.*",
        "request",
        "2 sent: (.*) → 1 sent: .*",
        "botocore asks where the bucket is and sends again; the error says it, as with other redirects",
    ),
    Intended("s3", "Head.*", "error.code", r"\d{3} → [A-Za-z]+", "the name that the service would have given with a body"),
    Intended(
        "s3",
        "ListObject.*",
        r"output\..* \(string\)",
        f"(?!{NOTHING}).* → (?!{NOTHING}).*",
        "botocore decodes what it has asked to be encoded; the caller asks for it and decodes, as with the other SDKs",
    ),
    Intended("s3", ".*", "output.ExpiresString", f".* → {NOTHING}", "botocore's own; the metadata has the header"),
    Intended(
        OF_JSON,
        ".*",
        "error.code",
        r"\d{3} → [A-Za-z][\w.]+",
        "the header `x-amzn-errortype` has the code in all protocols of JSON; botocore reads only `__type`",
    ),
    Intended(
        f"{OF_FORMS} cloudwatch-cbor s3",
        ".*",
        "error.code",
        r"None → 50\d",
        "a status is enough to know an error by; botocore fails where the body is not of the protocol",
    ),
    Intended("s3", ".*", "error.message", ".* → No", "what stands in the body of an error says more than its status"),
    Intended(
        "cloudwatch-query sts",
        ".*",
        r"error.members.message \(string\)",
        f"{NOTHING} → .*",
        "either spelling of `Message` fills the member that is described",
    ),
    Intended(
        f"{OF_JSON} cloudwatch-cbor cloudwatch-query",
        ".*",
        r"error.members.[mM]essage \(string\)",
        f" → {NOTHING}",
        "an empty message is none",
    ),
    Intended(
        "dynamodb",
        "DescribeEndpoints",
        "request.header.x-amz-api-version",
        f"2012-08-10 → {NOTHING}",
        "it belongs to the discovery of endpoints, which DynamoDB does not need",
    ),
]
