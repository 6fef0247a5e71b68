"""Signs a few requests with botocore and writes them to botocore.json: what a request was, and what it became.

    python3 Tests/SigV4Tests/make-vectors.py
"""

import datetime
import json
import pathlib
from unittest import mock

import botocore
import botocore.auth
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2024, 2, 29, 23, 59, 7, tzinfo=datetime.timezone.utc)
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOST = "host.example.com:4566"

JSON = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}

# name, service, signer, token, method, path and query, headers, body
CASES = [
    ("json", "sqs", SigV4Auth, None, "POST", "/", JSON, '{"QueueUrl":"q","MessageBody":"Zürich"}'),
    ("json with a session token", "dynamodb", SigV4Auth, "TOKEN/+=", "POST", "/", JSON, "{}"),
    ("form", "sns", SigV4Auth, None, "POST", "/", FORM, "Action=ListTopics&Version=2010-03-31"),
    ("query out of order", "iam", SigV4Auth, None, "GET", "/?b=2&a=1&a=0&c=&d=%20x%2Fy", {}, ""),
    ("encoded path", "lambda", SigV4Auth, None, "POST",
     "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A000000000000%3Afunction%3Af/invocations", {}, "{}"),
    ("path with dots", "lambda", SigV4Auth, None, "GET", "/a/./b/../c//d/", {}, ""),
    ("header with spaces", "sqs", SigV4Auth, None, "POST", "/", {"X-Amz-Meta-A": "  a   b  "}, ""),
    ("put object", "s3", S3SigV4Auth, None, "PUT", "/bucket/a%20b/%C3%BC%2B.txt", {}, "content"),
    ("get object with sub-resource", "s3", S3SigV4Auth, None, "GET", "/bucket?list-type=2&prefix=a%2F", {}, ""),
    ("path with dots kept", "s3", S3SigV4Auth, None, "GET", "/bucket/a/../b//c", {}, ""),
    ("presigned get object", "s3", S3SigV4QueryAuth, None, "GET", "/bucket/key.txt?versionId=7", {}, ""),
    ("presigned with a session token", "s3", S3SigV4QueryAuth, "TOKEN/+=", "PUT", "/bucket/key", {}, ""),
    ("presigned sts", "sts", SigV4QueryAuth, None, "GET", "/?Action=GetCallerIdentity&Version=2011-06-15", {}, ""),
]


def sign(name, service, signer, token, method, target, headers, body):
    request = AWSRequest(method=method, url=f"http://{HOST}{target}", headers=dict(headers), data=body.encode())
    signer(Credentials(KEY, SECRET, token), service, "us-west-2").add_auth(request)
    before, after = target.partition("?"), request.url.partition(HOST)[2].partition("?")
    return {
        "name": name, "service": service, "region": "us-west-2", "accessKeyId": KEY, "secretAccessKey": SECRET,
        "sessionToken": token, "nowMs": int(NOW.timestamp() * 1000), "isPresigned": "QueryAuth" in signer.__name__,
        "method": method, "path": before[0], "query": before[2], "headers": {"Host": HOST, **headers}, "body": body,
        "signed": {"query": after[2], "headers": {"Host": HOST, **dict(request.headers.items())}},
    }


def main():
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda remove_tzinfo=True: NOW.replace(tzinfo=None)):
        vectors = [sign(*case) for case in CASES]
    document = {"source": f"botocore {botocore.__version__}", "vectors": vectors}
    path = pathlib.Path(__file__).with_name("botocore.json")
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


main()
