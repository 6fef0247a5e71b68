"""Loads the sample rows into a deployed stack, publishes sample messages and shows each hop.

    python demo.py --stack job-dispatch [--endpoint-url http://127.0.0.1:4566]

Works on Baton and on AWS alike; needs boto3.
"""

import argparse
import json
import os
import time
from decimal import Decimal
from pathlib import Path

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

SAMPLES = Path(__file__).parent / "samples"
# What is shown: a job, a job with overrides, one that nobody knows and one whose type nobody supports.
MESSAGES = [
    '{"jobId":"StartEtlProcess"}',
    '{"jobId":"Overridable","variables":{"environment":"uat"}}',
    '{"jobId":"Nope"}',
    '{"jobId":"Cobol"}',
]


class Demo:
    def __init__(self, stack, endpoint):
        options = {"endpoint_url": endpoint} if endpoint else {}
        self.aws = {name: boto3.client(name, **options) for name in ["cloudformation", "dynamodb", "sns", "sqs", "sts"]}
        (found,) = self.aws["cloudformation"].describe_stacks(StackName=stack)["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        self.names = {
            **self.outputs, "Region": self.aws["sns"].meta.region_name,
            "Account": self.aws["sts"].get_caller_identity()["Account"],
        }
        self.start = 0

    def say(self, text):
        print(f"  {(time.monotonic() - self.start) * 1000:7.0f} ms  {text}", flush=True)

    def load(self):
        """The sample rows, with the names of this stack in place of their placeholders."""

        def sample(name):
            text = (SAMPLES / name).read_text()
            for key, value in self.names.items():
                text = text.replace("${%s}" % key, value)
            return json.loads(text, parse_float=Decimal)

        serialize = TypeSerializer().serialize
        rows = [{key: serialize(value) for key, value in row.items()} for row in sample("config-rows.json")]
        rows.append(sample("config-row-typed.json"))
        for row in rows:
            self.aws["dynamodb"].put_item(TableName=self.outputs["ConfigTableName"], Item=row)
        print(f"{len(rows)} rows in {self.outputs['ConfigTableName']}")

    def run(self, run_id, done):
        """The run's record once its status is one of `done`."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            item = self.aws["dynamodb"].get_item(
                TableName=self.outputs["RunTableName"], Key={"runId": {"S": run_id}}, ConsistentRead=True).get("Item")
            item = {key: TypeDeserializer().deserialize(value) for key, value in (item or {}).items()}
            if item.get("status") in done:
                return item
            time.sleep(0.01)
        raise SystemExit(f"run {run_id} did not reach {done} within 30 s")

    def take(self, queue):
        answer = self.aws["sqs"].receive_message(
            QueueUrl=self.outputs[queue], WaitTimeSeconds=20, MessageAttributeNames=["All"])
        for message in answer.get("Messages", []):
            self.aws["sqs"].delete_message(QueueUrl=self.outputs[queue], ReceiptHandle=message["ReceiptHandle"])
            return message
        raise SystemExit(f"no message came to {self.outputs[queue]} within 20 s")

    def show(self, text):
        print(f"\n{text}")
        self.start = time.monotonic()
        run_id = self.aws["sns"].publish(TopicArn=self.outputs["TriggerTopicArn"], Message=text)["MessageId"]
        self.say(f"published to {self.outputs['TriggerTopicName']}")
        run = self.run(run_id, {"DISPATCHED", "REJECTED", "FAILED"})
        if run["status"] == "REJECTED":
            self.say(f"broker rejected it: {run['error']}")
            message = self.take("DeadLetterQueueUrl")
            return self.say(f"dead-letter queue keeps the event {message['Body']}")
        self.say(f"broker dispatched run {run_id}, target {run['targetId']}")
        message = self.take("ListenerQueueUrl")
        self.say(f"Matillion reads {message['Body']}")
        self.reply(json.loads(message["Body"]), run_id)

    def reply(self, job, run_id):
        """What Matillion answers when the job has succeeded."""
        now = int(time.time() * 1000)
        body = {
            "id": 1, "groupName": job["group"], "projectName": job["project"], "versionName": job["version"],
            "environmentName": job["environment"], "jobName": job["job"], "state": "SUCCESS", "rowCount": 1250,
            "startTime": now - 1000, "endTime": now, "message": "",
        }
        self.aws["sqs"].send_message(QueueUrl=self.outputs["SuccessQueueUrl"], MessageBody=json.dumps(body))
        self.say("Matillion replies SUCCESS, 1250 rows")
        run = self.run(run_id, {"SUCCEEDED", "FAILED"})
        self.say(f"run {run['status']}, rows {run['rowCount']}; completion published")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stack", required=True)
    parser.add_argument("--endpoint-url", default=os.environ.get("AWS_ENDPOINT_URL"))
    options = parser.parse_args()
    demo = Demo(options.stack, options.endpoint_url)
    demo.load()
    for message in MESSAGES:
        demo.show(message)


if __name__ == "__main__":
    main()
