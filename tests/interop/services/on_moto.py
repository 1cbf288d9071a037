"""Our clients on a moto server, which keeps state; boto3 looks at what they have done."""

import hashlib
import os
import subprocess
import sys

import botocore.session
from botocore.config import Config
from wire import SECRET_KEY

BODY = "naïve \n <b>&amp;</b> 🦀"
PART = 5 << 20  # bytes: the least that S3 takes for a part but the last
ROLE = "arn:aws:iam::123456789012:role/churn"


class Moto:
    """A moto server, our calls to it and boto3's."""

    def __init__(self, ours):
        program = os.path.join(os.path.dirname(sys.executable), "moto_server")
        # Port 0 lets the system choose a free one.
        self.process = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        line = next(line for line in self.process.stderr if "Running on http://127.0.0.1:" in line)
        self.url = line.split("Running on ")[1].split()[0]
        self.ours, self.session = ours, botocore.session.Session()

    def call(self, service, operation, **members):
        """The output of our call; an error as `CODE`."""
        outcome = self.ours.call(service, self.url, operation, members)
        return outcome["output"] if "output" in outcome else outcome.get("error", outcome).get("code", outcome)

    def boto3(self, service):
        return self.session.create_client(
            service,
            "us-east-1",
            endpoint_url=self.url,
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key=SECRET_KEY,
            config=Config(s3={"addressing_style": "path"}),
        )

    def pages(self, service, operation, token, next_token, **members):
        """The outputs of all pages."""
        pages = [self.call(service, operation, **members)]
        while next_token in pages[-1] and pages[-1].get("IsTruncated", True):
            pages.append(self.call(service, operation, **members, **{token: pages[-1][next_token]}))
        return pages

    def stop(self):
        self.process.kill()
        self.process.wait()


def same(what, expected, actual):
    """Whether both are the same; says so if they are not."""
    if expected != actual:
        print(f"DIFFERENT on moto: {what}\n    expected {expected!r}\n    actual   {actual!r}")
    return expected == actual


def sqs(moto):
    url = moto.call("sqs", "CreateQueue", QueueName="jobs", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    attributes = {"kind": {"DataType": "String", "StringValue": "é"}, "raw": {"DataType": "Binary", "BinaryValue": "00ff"}}
    sent = moto.call("sqs", "SendMessage", QueueUrl=url, MessageBody=BODY, MessageAttributes=attributes)
    entries = [{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}]
    batch = moto.call("sqs", "SendMessageBatch", QueueUrl=url, Entries=entries)
    yield same("ids of a batch", ["a", "b"], [it["Id"] for it in batch["Successful"]])
    received = moto.call("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    messages = {it["Body"]: it for it in received["Messages"]}
    yield same("bodies", {BODY, "1", "2"}, set(messages))
    yield same("the MD5 of a body", sent["MD5OfMessageBody"], messages[BODY]["MD5OfBody"])
    yield same("an attribute", "é", messages[BODY]["MessageAttributes"]["kind"]["StringValue"])
    entries = [{"Id": str(it), "ReceiptHandle": message["ReceiptHandle"]} for it, message in enumerate(messages.values())]
    moto.call("sqs", "DeleteMessageBatch", QueueUrl=url, Entries=entries)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "VisibilityTimeout"]
    left = moto.boto3("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    yield same("what boto3 sees of the queue", ["0", "0", "30"], [left[it] for it in names])
    missing = moto.call("sqs", "GetQueueUrl", QueueName="missing")
    yield same("the code of a missing queue", "AWS.SimpleQueueService.NonExistentQueue", missing)


def s3(moto):
    theirs = moto.boto3("s3")
    moto.call("s3", "CreateBucket", Bucket="churn")
    for key in ("a b/ü+?#.txt", "b", "c"):
        content = BODY.encode().hex()
        moto.call("s3", "PutObject", Bucket="churn", Key=key, Body=content, ContentType="text/plain", Metadata={"k": "v"})
    read = theirs.get_object(Bucket="churn", Key="a b/ü+?#.txt")
    seen = [read["Body"].read().decode(), read["ContentType"], read["Metadata"]]
    yield same("what boto3 reads", [BODY, "text/plain", {"k": "v"}], seen)
    head = moto.call("s3", "HeadObject", Bucket="churn", Key="a b/ü+?#.txt")
    yield same("the head", [len(BODY.encode()), read["ETag"], {"k": "v"}], [head[it] for it in ("ContentLength", "ETag", "Metadata")])
    yield same("the object", BODY, moto.call("s3", "GetObject", Bucket="churn", Key="b")["Body"])
    missing = [moto.call("s3", it, Bucket="churn", Key="missing") for it in ("GetObject", "HeadObject")]
    yield same("the codes of a missing object", ["NoSuchKey", "NotFound"], missing)

    upload = {"Bucket": "churn", "Key": "large"}
    upload["UploadId"] = moto.call("s3", "CreateMultipartUpload", **upload)["UploadId"]
    parts = [b"\x00\xff" * (PART // 2), b"the end"]
    for number, part in enumerate(parts, 1):
        moto.call("s3", "UploadPart", **upload, PartNumber=number, Body=part.hex())
    pages = moto.pages("s3", "ListParts", "PartNumberMarker", "NextPartNumberMarker", **upload, MaxParts=1)
    listed = [part for page in pages for part in page["Parts"]]
    yield same("the sizes of parts", [len(it) for it in parts], [it["Size"] for it in listed])
    listed = [{name: it[name] for name in ("ETag", "PartNumber")} for it in listed]
    moto.call("s3", "CompleteMultipartUpload", **upload, MultipartUpload={"Parts": listed})
    whole = theirs.get_object(Bucket="churn", Key="large")["Body"].read()
    yield same("the upload", *(hashlib.sha256(it).hexdigest() for it in (b"".join(parts), whole)))

    pages = moto.pages("s3", "ListObjectsV2", "ContinuationToken", "NextContinuationToken", Bucket="churn", MaxKeys=2)
    keys = [[it["Key"] for it in page["Contents"]] for page in pages]
    yield same("keys by pages", [["a b/ü+?#.txt", "b"], ["c", "large"]], keys)
    objects = [{"Key": key} for page in keys for key in page]
    deleted = moto.call("s3", "DeleteObjects", Bucket="churn", Delete={"Objects": objects})
    yield same("what is deleted", objects, [{"Key": it["Key"]} for it in deleted["Deleted"]])
    moto.call("s3", "DeleteBucket", Bucket="churn")
    yield same("the buckets that boto3 sees", [], theirs.list_buckets()["Buckets"])


def sts(moto):
    assumed = moto.call("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="interop", DurationSeconds=900)
    keys = sorted(assumed["Credentials"])
    yield same("credentials", ["AccessKeyId", "Expiration", "SecretAccessKey", "SessionToken"], keys)
    arn = "arn:aws:sts::123456789012:assumed-role/churn/interop"
    yield same("the role", arn, assumed["AssumedRoleUser"]["Arn"])
    theirs = moto.boto3("sts").get_caller_identity()["Account"]
    yield same("the account", theirs, moto.call("sts", "GetCallerIdentity")["Account"])


def sagemaker(moto):
    moto.call("sagemaker", "CreateModel", ModelName="churn", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "churn:1"})
    variant = {"VariantName": "blue", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    moto.call("sagemaker", "CreateEndpointConfig", EndpointConfigName="churn", ProductionVariants=[variant])
    names = ["churn-1", "churn-2", "churn-3"]
    for name in names:
        moto.call("sagemaker", "CreateEndpoint", EndpointName=name, EndpointConfigName="churn")
    described = moto.call("sagemaker", "DescribeEndpoint", EndpointName="churn-1")
    theirs = moto.boto3("sagemaker").describe_endpoint(EndpointName="churn-1")
    seen = ("EndpointArn", "EndpointConfigName", "EndpointStatus")
    yield same("an endpoint", [theirs[it] for it in seen], [described[it] for it in seen])
    times = [theirs["CreationTime"].timestamp(), described["CreationTime"]]
    yield same("the time of its creation", *(round(it, 3) for it in times))
    pages = moto.pages("sagemaker", "ListEndpoints", "NextToken", "NextToken", MaxResults=2, SortBy="Name")
    listed = [[it["EndpointName"] for it in page["Endpoints"]] for page in pages]
    yield same("pages of endpoints", [2, 1], [len(page) for page in listed])
    yield same("all of them", names, sorted(name for page in listed for name in page))
    for name in names:
        moto.call("sagemaker", "DeleteEndpoint", EndpointName=name)
    moto.call("sagemaker", "DeleteEndpointConfig", EndpointConfigName="churn")
    moto.call("sagemaker", "DeleteModel", ModelName="churn")
    left = moto.boto3("sagemaker").list_endpoints()["Endpoints"]
    yield same("what boto3 sees", [], left)
    yield same("the code of a missing endpoint", "ValidationException", moto.call("sagemaker", "DescribeEndpoint", EndpointName="churn-1"))


FLOWS = {"sagemaker": sagemaker, "s3": s3, "sts": sts, "sqs": sqs}


def check(ours, names):
    """How much is not as it should be."""
    flows = [name for name in names if name in FLOWS]
    if not flows:
        return 0
    moto, failed = Moto(ours), 0
    try:
        for name in flows:
            outcomes = list(FLOWS[name](moto))
            failed += outcomes.count(False)
            print(f"{name} on moto: {outcomes.count(True)} of {len(outcomes)} as they should be")
    finally:
        moto.stop()
    return failed
