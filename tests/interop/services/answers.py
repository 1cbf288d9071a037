"""Random answers of services: outputs and errors, written as each protocol writes them."""

import base64
import calendar
import datetime
import email.utils
import json
import math
import struct
import zlib
from xml.sax.saxutils import escape, quoteattr

# What no description has. Clients must skip it.
UNKNOWN = {"NotDescribed": [{"Deep": [1.5, None, {}]}, "x"], "AlsoNot": ""}

# Operations of S3 that may fail after they have answered that all is well.
ERRORS_IN_SUCCESS = ("CompleteMultipartUpload", "CopyObject", "UploadPartCopy")


class Answers:
    """Makes answers for the operations of a service."""

    def __init__(self, service, errors, choose, values):
        self.errors, self.choose, self.values = errors, choose, values
        self.write = WRITERS[service.resolved_protocol](service, choose)

    def output(self, operation):
        shape = operation.output_shape
        output = self.values.of(shape) if shape else {}
        return self.write.output(operation, output)

    def error(self, operation):
        """An error of the operation, of another one, or one that no description has."""
        described = [*operation.error_shapes, *self.errors]
        shape = self.choose.choice(described) if described and self.choose.random() < 0.7 else None
        members = self.values.of(shape) if shape else {}
        if self.choose.random() < 0.1:
            # Of what stands before the service.
            page = b"<html><body>No</body></html>"
            return self.choose.choice([500, 502, 503]), [], self.choose.choice([b"", page, b"No"])
        code, status = "NotDescribed", self.choose.choice([400, 403, 404, 409, 500, 503])
        if shape:
            error = shape.metadata.get("error", {})
            code, status = error.get("code", shape.name), error.get("httpStatusCode", status)
        message = self.values.text()
        # It is a member like others where it is one.
        for name, member in (shape.members if shape else {}).items():
            if name.lower() == "message" and member.type_name == "string":
                members.pop(name, None)
        return self.write.error(operation, shape, code, status, message, members)


class Writer:
    """What all protocols share."""

    timestamp_format = "iso8601"

    def __init__(self, service, choose):
        self.service, self.choose = service, choose

    def lucky(self, chance=0.3):
        return self.choose.random() < chance

    def time(self, shape, value, default=None):
        wanted = shape.serialization.get("timestampFormat", default or self.timestamp_format)
        seconds = calendar.timegm(value.utctimetuple())
        if wanted == "rfc822":
            return email.utils.formatdate(seconds, usegmt=True)
        if wanted == "unixtimestamp":
            return seconds + value.microsecond / 10**6 if value.microsecond else seconds
        fraction = f".{value.microsecond // 1000:03}" if value.microsecond else self.choose.choice(["", ".000"])
        return f"{value:%Y-%m-%dT%H:%M:%S}{fraction}Z"

    @staticmethod
    def number(value):
        """The text of a float."""
        if math.isfinite(value):
            return repr(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"

    def query_error(self, code, shape):
        """The header with the code that the service had when it spoke `query`."""
        if self.service.is_query_compatible and (shape or self.lucky()):
            return [("x-amzn-query-error", f"{code};{self.choose.choice(['Sender', 'Receiver'])}")]
        return []

    def request_id(self):
        return [("x-amzn-requestid", "4d7b-11")]


class Json(Writer):
    timestamp_format = "unixtimestamp"

    def output(self, operation, output):
        shape = operation.output_shape
        body = self.of(shape, output) if shape else {}
        text = json.dumps(body, ensure_ascii=self.lucky(0.5)).encode()
        if not shape and self.lucky():
            text = b""
        return 200, [*self.request_id(), ("Content-Type", "application/x-amz-json-1.1")], text

    def error(self, _operation, shape, code, status, message, members):
        name = shape.name if shape else code
        body = self.of(shape, members) if shape else {}
        spelling = next((it for it in shape.members if it.lower() == "message"), "message") if shape else "message"
        if self.lucky(0.9):
            body[spelling] = message
        headers = [*self.request_id(), *self.query_error(code, shape)]
        if self.lucky():
            headers.append(("x-amzn-errortype", f"{name}:http://internal.amazon.com/"))
        else:
            body["__type"] = self.choose.choice([name, f"com.amazon.service#{name}"])
        return status, headers, json.dumps(body).encode()

    def of(self, shape, value):
        kind = shape.type_name
        if kind == "structure":
            members = {it.serialization.get("name", name): (name, it) for name, it in shape.members.items()}
            body = {wire: self.of(it, value[name]) for wire, (name, it) in members.items() if name in value}
            absent = [wire for wire, (name, _) in members.items() if name not in value]
            body |= {wire: None for wire in absent if self.lucky(0.1)}
            if self.lucky(0.1) and not getattr(shape, "is_tagged_union", False):
                body |= UNKNOWN
            return body
        if kind == "list":
            return [self.of(shape.member, it) for it in value]
        if kind == "map":
            return {key: self.of(shape.value, it) for key, it in value.items()}
        if kind == "blob":
            return base64.b64encode(value).decode()
        if kind == "timestamp":
            return self.time(shape, value)
        if kind in ("float", "double"):
            return value if math.isfinite(value) else self.number(value)
        return value


class Cbor(Json):
    headers = [("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor")]

    def output(self, operation, output):
        shape = operation.output_shape
        body = self.item(self.of(shape, output) if shape else {})
        return 200, [*self.request_id(), *self.headers], body

    def error(self, _operation, shape, code, status, message, members):
        body = {"__type": f"com.amazonaws.cloudwatch#{shape.name if shape else code}"}
        body |= self.of(shape, members) if shape else {}
        spelling = next((it for it in shape.members if it.lower() == "message"), "message") if shape else "message"
        body[spelling] = message
        headers = [*self.request_id(), *self.headers, *self.query_error(code, shape)]
        return status, headers, self.item(body)

    def of(self, shape, value):
        if shape.type_name in ("blob", "timestamp", "float", "double"):
            return value
        return super().of(shape, value)

    def item(self, value):
        """CBOR, with lengths that are definite or not."""
        if value is None:
            return b"\xf6"
        if isinstance(value, bool):
            return b"\xf5" if value else b"\xf4"
        if isinstance(value, int):
            return self.head(1, -1 - value) if value < 0 else self.head(0, value)
        if isinstance(value, float):
            return self.float(value)
        if isinstance(value, datetime.datetime):
            seconds = value.timestamp()
            return b"\xc1" + self.item(int(seconds) if seconds.is_integer() and self.lucky() else seconds)
        if isinstance(value, bytes):
            return self.head(2, len(value)) + value
        if isinstance(value, str):
            text = value.encode()
            return self.head(3, len(text)) + text
        if isinstance(value, list):
            return self.many(4, [self.item(it) for it in value])
        return self.many(5, [self.item(key) + self.item(it) for key, it in value.items()])

    @staticmethod
    def float(value):
        """In 32 bits where nothing is lost."""
        try:
            short = struct.pack(">f", value)
        except OverflowError:
            short = b""
        if short and (math.isnan(value) or struct.unpack(">f", short)[0] == value):
            return b"\xfa" + short
        return b"\xfb" + struct.pack(">d", value)

    def many(self, kind, items):
        if self.lucky():
            return bytes([kind << 5 | 31]) + b"".join(items) + b"\xff"
        return self.head(kind, len(items)) + b"".join(items)

    @staticmethod
    def head(kind, number):
        if number < 24:
            return bytes([kind << 5 | number])
        size = next(it for it in range(4) if number < 1 << (8 << it))
        return bytes([kind << 5 | 24 + size]) + number.to_bytes(1 << size, "big")


class Xml(Writer):
    """Elements, which all protocols but those of JSON and CBOR answer with."""

    def output(self, operation, output):
        raise NotImplementedError

    def element(self, name, content, attributes=""):
        if not content and self.lucky():
            return f"<{name}{attributes}/>"
        return f"<{name}{attributes}>{content}</{name}>"

    def text(self, value):
        if value and "]]>" not in value and self.lucky(0.1):
            return f"<![CDATA[{value}]]>"
        return escape(value)

    def members(self, shape, value):
        content = []
        for name, member in shape.members.items():
            in_body = "location" not in member.serialization and not member.serialization.get("xmlAttribute")
            if name in value and in_body:
                content.append(self.of(member, value[name], self.name(member, name)))
        if self.lucky(0.1) and not getattr(shape, "is_tagged_union", False):
            content.append("<NotDescribed a='b'><Deep><Deeper>&amp;</Deeper><Deep/></Deep></NotDescribed><!-- nothing -->")
        # Space between elements means nothing.
        return ("\n  " if self.lucky() and content else "").join(content)

    @staticmethod
    def name(shape, default):
        return shape.serialization.get("name", default)

    def of(self, shape, value, name):
        kind = shape.type_name
        if kind == "structure":
            attributes = ""
            for key, member in shape.members.items():
                if member.serialization.get("xmlAttribute") and key in value:
                    declared = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
                    attributes += f"{declared} {member.serialization['name']}={quoteattr(value[key])}"
            return self.element(name, self.members(shape, value), attributes)
        if kind == "list":
            if shape.serialization.get("flattened"):
                return "".join(self.of(shape.member, it, self.name(shape.member, name)) for it in value)
            element = self.name(shape.member, "member")
            return self.element(name, "".join(self.of(shape.member, it, element) for it in value))
        if kind == "map":
            entries = []
            key_name, value_name = self.name(shape.key, "key"), self.name(shape.value, "value")
            flattened = shape.serialization.get("flattened")
            for key, it in value.items():
                entry = self.of(shape.key, key, key_name) + self.of(shape.value, it, value_name)
                entries.append(self.element(name if flattened else "entry", entry))
            return "".join(entries) if flattened else self.element(name, "".join(entries))
        return self.element(name, self.leaf(shape, value))

    def leaf(self, shape, value):
        kind = shape.type_name
        if kind == "blob":
            return base64.b64encode(value).decode()
        if kind == "timestamp":
            return str(self.time(shape, value))
        if kind == "boolean":
            return "true" if value else "false"
        if kind in ("float", "double"):
            return self.number(value)
        return self.text(value) if isinstance(value, str) else str(value)

    def document(self, root):
        prolog = '<?xml version="1.0" encoding="UTF-8"?>\n' if self.lucky(0.7) else ""
        return (prolog + root).encode()

    def namespace(self):
        namespace = self.service.metadata.get("xmlNamespace")
        uri = namespace["uri"] if isinstance(namespace, dict) else namespace or "http://example.com/doc/"
        return f' xmlns="{uri}"'


class Query(Xml):
    def output(self, operation, output):
        shape = operation.output_shape
        result = ""
        if shape:
            members = self.members(shape, output)
            result = self.element(shape.serialization["resultWrapper"], members)
        result += "<ResponseMetadata><RequestId>4d7b-11</RequestId></ResponseMetadata>"
        root = self.element(f"{operation.name}Response", result, self.namespace())
        return 200, [("Content-Type", "text/xml")], self.document(root)

    def error(self, _operation, shape, code, status, message, members):
        said = self.element("Type", self.choose.choice(["Sender", "Receiver"])) + self.element("Code", code)
        said += self.element("Message", self.text(message)) + (self.members(shape, members) if shape else "")
        root = self.element("Error", said) + "<RequestId>4d7b-11</RequestId>"
        return status, [], self.document(self.element("ErrorResponse", root, self.namespace()))


class Ec2(Xml):
    def output(self, operation, output):
        shape = operation.output_shape
        result = "<requestId>4d7b-11</requestId>" + (self.members(shape, output) if shape else "")
        root = self.element(f"{operation.name}Response", result, self.namespace())
        return 200, [("Content-Type", "text/xml")], self.document(root)

    def error(self, _operation, _shape, code, status, message, _members):
        said = self.element("Code", code) + self.element("Message", self.text(message))
        errors = self.element("Errors", self.element("Error", said))
        return status, [], self.document(self.element("Response", errors + "<RequestID>4d7b-11</RequestID>"))


class RestXml(Xml):
    def output(self, operation, output):
        shape = operation.output_shape
        headers, body = [("x-amz-request-id", "4D7B11"), ("x-amz-id-2", "host")], b""
        if not shape:
            return operation.http.get("responseCode", 200), headers, body
        payload = shape.serialization.get("payload")
        if payload:
            member = shape.members[payload]
            if payload not in output:
                body = b""
            elif member.type_name == "structure":
                root = self.of(member, output[payload], self.name(member, member.name))
                body = self.document(root)
            else:
                it = output[payload]
                body = it if isinstance(it, bytes) else it.encode()
        elif operation.name == "GetBucketLocation":
            # The root is the one member itself.
            root = self.element("LocationConstraint", self.text(output.get("LocationConstraint", "")), self.namespace())
            body = self.document(root)
        elif any("location" not in it.serialization for it in shape.members.values()):
            name = self.name(shape, f"{operation.name}Result")
            body = self.document(self.element(name, self.members(shape, output), self.namespace()))
        headers += self.headers(shape, output, body)
        return operation.http.get("responseCode", 200), headers, body

    def headers(self, shape, output, body):
        headers = []
        for name, member in shape.members.items():
            location, field = member.serialization.get("location"), self.name(member, name)
            # The server says what is true.
            if name not in output or field.lower() == "content-length":
                continue
            if location == "headers":
                headers += [(field + key, it) for key, it in output[name].items()]
            elif field.lower().startswith("x-amz-checksum-"):
                headers += [(field, it) for it in [checksum(field, body)] if it]
            elif location == "header":
                headers.append((field, self.in_header(member, output[name])))
        return headers

    def in_header(self, shape, value):
        if shape.type_name == "timestamp":
            return self.time(shape, value, "rfc822")
        if shape.type_name == "list":
            return ",".join(value)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def error(self, operation, shape, code, status, message, members):
        headers = [("x-amz-request-id", "4D7B11")]
        if operation.http["method"] == "HEAD":
            return self.choose.choice([400, 403, 404]), headers, b""
        # botocore reads no more than code and message of these.
        if operation.name in ERRORS_IN_SUCCESS and not members and self.lucky():
            status = 200
        said = self.element("Code", code) + self.element("Message", self.text(message))
        said += self.members(shape, members) if shape else ""
        said += "<RequestId>4D7B11</RequestId><HostId>host</HostId>"
        return status, headers, self.document(self.element("Error", said))


def checksum(field, body):
    """The one that both sides know to check. Others would be wrong."""
    if field.lower() == "x-amz-checksum-crc32":
        return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    return None


WRITERS = {"json": Json, "smithy-rpc-v2-cbor": Cbor, "query": Query, "ec2": Ec2, "rest-xml": RestXml}
