"""Random values of shapes, as boto3 takes and returns them, and as JSON for the program that makes our calls."""

import datetime
import math

# How deep structures may lie in each other before only what is required is filled.
DEPTH = 4

LETTERS = "azAZ09 -._~/+&=?#%:;@,$!*'()\"<>[]{}|\\^`\t\nßé語🦀\u2028\ufeff"
CONTROLS = "\x00\x01\x1b\r\x7f\x85"
# The algorithms that botocore has without its part that is written in C.
ALGORITHMS = ["CRC32", "SHA1", "SHA256"]
# A header has no space at its ends.
HEADER = "azAZ09-._~/  +&=?%:;,$!*'()\"<>"
# S3 never leaves them out, and botocore relies on that.
ALWAYS = ("Key", "Prefix")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def is_text(shape):
    return shape.type_name in ("string", "character")


class Values:
    """Makes values with a source of random numbers.

    XML cannot carry control characters, and where numbers are text, that of very large and small ones may differ.
    """

    def __init__(self, choose, is_xml):
        self.choose = choose
        self.letters = LETTERS + ("" if is_xml else CONTROLS)
        self.doubles = [0.0, 0.1, math.inf, -math.inf, math.nan] + ([] if is_xml else [1e300, 5e-324])

    def of(self, shape, depth=0):
        return getattr(self, f"of_{shape.type_name}")(shape, depth)

    def of_structure(self, shape, depth):
        if getattr(shape, "is_tagged_union", False):
            # Members that end the recursion, where it has to end.
            members = [name for name, member in shape.members.items() if depth < DEPTH or is_leaf(member)]
            name = self.choose.choice(members or list(shape.members))
            return {name: self.of(shape.members[name], depth + 1)}
        value = {}
        share = self.choose.choice([0.2, 0.5, 0.9]) if depth else self.choose.choice([0, 0.3, 0.6, 1])
        for name, member in shape.members.items():
            if name in (*shape.required_members, *ALWAYS) or (
                (depth < DEPTH or is_leaf(member)) and self.choose.random() < share
            ):
                value[name] = self.member(name, member, depth)
        if "ContentLength" in value:
            # Another one would end the connection.
            value["ContentLength"] = len(value.get("Body", b""))
        return value

    def member(self, name, shape, depth):
        if name == "ChecksumAlgorithm" and is_text(shape):
            return self.choose.choice(ALGORITHMS)
        location = shape.serialization.get("location")
        if name in ALWAYS and not location and is_text(shape):
            # A space, where a key is encoded.
            return f"{self.text()}+"
        if location in ("header", "headers", "uri") and is_text(shape) and not shape.enum:
            if location == "uri":
                return self.in_path(name)
            return self.in_header()
        if location == "headers":
            return {f"k{self.text('az09-_')}": self.in_header() for _ in range(self.choose.randrange(4))}
        if location in ("header", "querystring") and shape.type_name == "list":
            return [self.in_header() for _ in range(1 + self.choose.randrange(3))]
        if location in ("header", "uri", "querystring") and is_text(shape) and shape.enum:
            return self.choose.choice(shape.enum)
        return self.of(shape, depth + 1)

    def in_header(self):
        return f"x{self.text(HEADER)}x" if self.choose.random() < 0.95 else ""

    def in_path(self, name):
        if name == "Bucket":
            return f"bucket-{self.text('az09')}1"
        return f"{self.text()}k"

    def of_list(self, shape, depth):
        length = self.choose.randrange(4) if depth < DEPTH else 0
        return [self.of(shape.member, depth + 1) for _ in range(length)]

    def of_map(self, shape, depth):
        length = self.choose.randrange(4) if depth < DEPTH else 0
        # A key that is empty would be one that is missing, to many a reader.
        return {self.of(shape.key, depth) or "key": self.of(shape.value, depth + 1) for _ in range(length)}

    def text(self, letters=None):
        return "".join(self.choose.choices(letters or self.letters, k=self.choose.randrange(12)))

    def of_string(self, shape, _depth):
        if shape.enum:
            # One that came after the description, now and then.
            return self.choose.choice(shape.enum) if self.choose.random() < 0.9 else "not-described"
        if self.choose.random() < 0.02:
            # Some are long enough to be compressed, where that is done.
            return self.text("az09") * self.choose.choice([50, 2000])
        return self.choose.choice([self.text(), "text"])

    of_character = of_string

    def of_integer(self, _shape, _depth):
        return self.choose.choice([0, 1, -1, 2**31 - 1, -(2**31), self.choose.randrange(100_000)])

    def of_long(self, _shape, _depth):
        return self.choose.choice([0, -1, 2**63 - 1, -(2**63), 2**53 + 1, self.choose.randrange(10**12)])

    def of_float(self, _shape, _depth):
        # Each has the same digits in 32 and in 64 bits.
        return self.choose.choice([0.0, -1.5, 0.25, math.inf, -math.inf, math.nan, self.choose.randrange(8000) / 8])

    def of_double(self, _shape, _depth):
        return self.choose.choice([*self.doubles, self.choose.uniform(-1000, 1000)])

    def of_boolean(self, _shape, _depth):
        return self.choose.random() < 0.5

    def of_blob(self, _shape, _depth):
        return self.choose.choice([b"", self.choose.randbytes(20), "ünïcode".encode(), b"text"])

    def of_timestamp(self, shape, _depth):
        seconds = self.choose.choice([0, 1, -1, -3_000_000_000, 951_782_400, self.choose.randrange(4 * 10**9)])
        fraction = self.choose.choice([0, 0, self.choose.randrange(1000)])
        # Dates of HTTP have no fraction.
        if shape.serialization.get("timestampFormat") == "rfc822" or "location" in shape.serialization:
            fraction = 0
        return EPOCH + datetime.timedelta(seconds=seconds, milliseconds=fraction)


def is_leaf(shape):
    return shape.type_name not in ("structure", "list", "map")


def as_json(shape, value, blob, number):
    """The JSON that stands for a value: seconds for a point in time, and `blob(bytes)` and `number(float)`."""
    kind = shape.type_name
    if kind == "structure":
        # What is not described is what botocore says of a member that a union does not have.
        return {
            name: as_json(shape.members[name], it, blob, number) if name in shape.members else it
            for name, it in value.items()
        }
    if kind == "list":
        return [as_json(shape.member, it, blob, number) for it in value]
    if kind == "map":
        return {key: as_json(shape.value, it, blob, number) for key, it in value.items()}
    if kind == "blob":
        return blob(value)
    if isinstance(value, datetime.datetime):
        return round(value.timestamp() * 1000) / 1000
    return number(value) if isinstance(value, float) else value
