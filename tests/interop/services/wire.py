"""What requests mean: where two of them differ."""

import base64
import collections
import gzip
import hashlib
import hmac
import json
import math
import re
import struct
import urllib.parse
import xml.etree.ElementTree
import zlib

NOTHING = "(nothing)"
SECRET_KEY = "secret"


def differences(theirs, ours, path=()):
    """Each place where two values of the same kind differ, with what is there. A place in a list is `[]`."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in dict.fromkeys([*theirs, *ours]):
            yield from differences(theirs.get(key, NOTHING), ours.get(key, NOTHING), (*path, key))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for one, other in zip(theirs, ours):
            yield from differences(one, other, (*path, "[]"))
    elif not is_same(theirs, ours):
        yield path, theirs, ours


def kind(shape, path):
    """What kind of value is at a place in an output: `list`, `map` and so on."""
    for step in path:
        if shape is None:
            return None
        by_kind = {"structure": lambda it: it.members.get(step), "list": lambda it: it.member, "map": lambda it: it.value}
        shape = by_kind.get(shape.type_name, lambda _: None)(shape)
    return shape and shape.type_name


def is_same(one, other):
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def request(recorded, protocol):
    """A request as values: method, path, query, headers, and a body as its protocol has it."""
    path, _, query = recorded["target"].partition("?")
    headers = collections.defaultdict(list)
    for name, value in recorded["headers"]:
        headers[name].append(value)
    body = recorded["body"]
    signature = verified(recorded) if "authorization" in headers else "none"
    for name, values in headers.items():
        headers[name] = [plain(name, value, body) for value in values]
    if headers.get("content-encoding") == ["gzip"]:
        body = gzip.decompress(body)
    if "x-amz-decoded-content-length" in headers:
        body = unchunked(body)
    return {
        "method": recorded["method"],
        "path": path,
        "query": ordered(query.split("&")) if query else {},
        "header": {name: ", ".join(values) for name, values in headers.items()},
        "signature": signature,
        "body": READERS[protocol](body),
    }


def verified(recorded):
    """Whether the signature of a request is that of what has arrived."""
    path, _, query = recorded["target"].partition("?")
    headers = dict(recorded["headers"])
    terms = re.fullmatch(
        "AWS4-HMAC-SHA256 Credential=[^/]*/(.*), *SignedHeaders=(.*), *Signature=(.*)", headers["authorization"]
    )
    if not terms:
        return "unreadable"
    scope, signed, signature = terms.groups()
    digest = hashlib.sha256(recorded["body"]).hexdigest()
    canonical = "\n".join(
        [
            recorded["method"],
            path,
            "&".join(sorted(it if "=" in it else f"{it}=" for it in query.split("&") if it)),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed.split(";")),
            "",
            signed,
            headers.get("x-amz-content-sha256", digest),
        ]
    )
    hashed = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    key = f"AWS4{SECRET_KEY}".encode()
    for term in [*scope.split("/"), f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{hashed}"]:
        key = hmac.new(key, term.encode(), hashlib.sha256).digest()
    return "valid" if key.hex() == signature else "wrong"


def encoded(digest):
    return base64.b64encode(digest).decode()


# Headers that follow from the body.
OF_BODY = {
    "content-length": lambda body: str(len(body)),
    "content-md5": lambda body: encoded(hashlib.md5(body).digest()),
    "x-amz-content-sha256": lambda body: hashlib.sha256(body).hexdigest(),
    "x-amz-checksum-crc32": lambda body: encoded(zlib.crc32(body).to_bytes(4, "big")),
    "x-amz-checksum-sha1": lambda body: encoded(hashlib.sha1(body).digest()),
    "x-amz-checksum-sha256": lambda body: encoded(hashlib.sha256(body).digest()),
}


def plain(name, value, body):
    """What a header says, where it need not be the same text: the time, a signature, and what follows from the body."""
    if name == "authorization":
        scope = re.search("Credential=[^/]*/[^/]*/([^,]*)", value)
        return f"for {scope[1]}" if scope else value
    if name == "x-amz-date":
        return "the time" if re.fullmatch(r"\d{8}T\d{6}Z", value) else value
    if name in OF_BODY and value == OF_BODY[name](body):
        return "that of the body"
    return value


def ordered(parameters):
    """Parameters by name: only the order of those with one name has a meaning."""
    pairs = collections.defaultdict(list)
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        pairs[name].append(value)
    return dict(pairs)


def unchunked(body):
    """A body without the lengths, signatures and trailers of `aws-chunked`."""
    content = b""
    while body:
        head, _, body = body.partition(b"\r\n")
        length = int(head.split(b";")[0], 16)
        if not length:
            return {"content": readable(content), "trailers": body.decode().split()}
        content, body = content + body[:length], body[length + 2 :]
    return readable(content)


def of_json(body):
    return json.loads(body) if body else NOTHING


def of_form(body):
    return ordered(urllib.parse.unquote(part.replace("+", " ")) for part in body.decode().split("&"))


def of_xml(body):
    """A document as a tree; anything else as it is."""
    if isinstance(body, bytes) and body.lstrip().startswith(b"<"):
        try:
            return tree(xml.etree.ElementTree.fromstring(body))
        except xml.etree.ElementTree.ParseError:
            pass
    return readable(body) if isinstance(body, bytes) else body


def tree(element):
    """Children in groups of one name: members have no order, elements of a list have."""
    if not len(element) and not element.attrib:
        return element.text or ""
    children = collections.defaultdict(list)
    for child in element:
        children[child.tag].append(tree(child))
    return {f"@{name}": value for name, value in element.attrib.items()} | dict(children) | {"#": element.tag}


def readable(body):
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.hex()


def of_cbor(body):
    if not body:
        return NOTHING
    value, rest = item(body)
    return value if not rest else f"bytes after the item: {rest.hex()}"


def item(data):
    """An item, and the bytes after it. A tag is a pair."""
    kind, info, data = data[0] >> 5, data[0] & 31, data[1:]
    if kind == 7 and info in (25, 26, 27):
        size = 1 << (info - 24)
        return struct.unpack({2: ">e", 4: ">f", 8: ">d"}[size], data[:size])[0], data[size:]
    if kind == 7:
        return {20: False, 21: True, 22: None, 31: Ellipsis}[info], data
    number = info
    if 24 <= info < 28:
        size = 1 << (info - 24)
        number, data = int.from_bytes(data[:size], "big"), data[size:]
    elif info == 31:
        number = math.inf
    if kind in (0, 1):
        return (number if kind == 0 else -1 - number), data
    if kind in (2, 3) and number != math.inf:
        content, data = data[:number], data[number:]
        return (content.hex() if kind == 2 else content.decode()), data
    if kind == 6:
        value, data = item(data)
        return {"tag": number, "value": float(value)}, data
    items = []
    while len(items) < number * (2 if kind == 5 else 1):
        value, data = item(data)
        if value is Ellipsis:
            break
        items.append(value)
    if kind == 5:
        return dict(zip(items[::2], items[1::2])), data
    return ("".join(items) if kind in (2, 3) else items), data


READERS = {"json": of_json, "smithy-rpc-v2-cbor": of_cbor, "query": of_form, "ec2": of_form, "rest-xml": of_xml}
