"""A client that is small enough to see the very moment of a crash: one keep-alive connection, no retries."""

import http.client
import json
import urllib.parse
import xml.etree.ElementTree

ANY_KEY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
TARGETS = {"sqs": "AmazonSQS", "dynamodb": "DynamoDB_20120810", "states": "AWSStepFunctions"}


class Lost(Exception):
    """The connection ended before the answer: nobody knows whether the request was carried out."""


class Refused(Exception):
    """An answer other than 2xx."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:500]!r}")
        self.status = status


class Line:
    def __init__(self, port, timeout=60):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, service, method, path, body=b"", **headers):
        """The bytes of a 2xx answer."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = ANY_KEY.format(service)
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Lost(repr(error)) from error
        if not 200 <= answer.status < 300:
            raise Refused(answer.status, content)
        return content

    def call(self, service, operation, **members):
        """An operation of a JSON service."""
        return json.loads(self.send(
            service, "POST", "/", json.dumps(members), Content_Type="application/x-amz-json-1.0",
            X_Amz_Target=f"{TARGETS[service]}.{operation}",
        ) or b"{}")

    def query(self, service, operation, **members):
        """An operation of a query service → the parsed XML."""
        form = urllib.parse.urlencode({"Action": operation, "Version": "2010-03-31", **members})
        return xml.etree.ElementTree.fromstring(
            self.send(service, "POST", "/", form, Content_Type="application/x-www-form-urlencoded"))

    def close(self):
        self.connection.close()
