"""Loads the sample schedules into a deployed stack, runs the evening's jobs, lets one fail, and restarts it.

    python demo.py --stack universal-scheduler [--endpoint-url http://127.0.0.1:4566]

Works on Baton and on AWS alike; needs boto3, and the stack of samples/batch.yaml.
"""

import argparse
import json
import os
import time
from pathlib import Path

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

SAMPLES = Path(__file__).parent / "samples"


class Demo:
    def __init__(self, stack, endpoint):
        options = {"endpoint_url": endpoint} if endpoint else {}
        names = ["cloudformation", "dynamodb", "s3", "stepfunctions", "sts"]
        self.aws = {name: boto3.client(name, **options) for name in names}
        (found,) = self.aws["cloudformation"].describe_stacks(StackName=stack)["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        self.start = 0

    def say(self, text):
        print(f"  {(time.monotonic() - self.start) * 1000:7.0f} ms  {text}", flush=True)

    def load(self, name, seconds, **failing):
        """Puts a sample into the bucket, with jobs of seconds instead of minutes; the loader copies it to the table."""
        text = (SAMPLES / f"{name}.json").read_text()
        account = self.aws["sts"].get_caller_identity()["Account"]
        for key, value in {"Region": self.aws["s3"].meta.region_name, "Account": account}.items():
            text = text.replace("${%s}" % key, value)
        document = {**json.loads(text), "wait_time": 1}
        for job in document["jobList"]:
            job["parameters"] = {"seconds": str(seconds), "status": str(failing.get(job["jobName"], 0))}
        self.aws["s3"].put_object(Bucket=self.outputs["BucketName"], Key=f"{name}.json", Body=json.dumps(document))
        key = {"scheduleId": {"S": document["scheduleId"]}}
        wanted = {name: TypeSerializer().serialize(value) for name, value in document.items()}
        while self.aws["dynamodb"].get_item(TableName=self.outputs["ScheduleTableName"], Key=key).get("Item") != wanted:
            time.sleep(0.02)
        return document["scheduleId"]

    def run(self, schedule, started=" ", status=" "):
        """One run; prints what each job comes to."""
        self.start = time.monotonic()
        message = {"scheduleId": schedule, "startDateTime": started, "scheduleStatus": status}
        execution = self.aws["stepfunctions"].start_execution(
            stateMachineArn=self.outputs["StateMachineArn"], input=json.dumps(message))["executionArn"]
        self.say(f"started {schedule}" + (f" again, run {started}" if status == "RESTART" else ""))
        shown = {}
        while True:
            over = self.aws["stepfunctions"].describe_execution(executionArn=execution)["status"] != "RUNNING"
            row = self.row(schedule, execution)
            for job in row.get("jobList", []):
                if shown.setdefault(job["jobName"], " ") != job["jobStatus"]:
                    shown[job["jobName"]] = job["jobStatus"]
                    after = ", ".join(job["jobDependencies"])
                    self.say(f"{job['jobName']} {job['jobStatus']}" + (f"  (after {after})" if after else ""))
            if over:
                self.say(f"run {row['startDateTime']} {row['scheduleStatus']}")
                return row
            time.sleep(0.1)

    def row(self, schedule, execution):
        items = self.aws["dynamodb"].query(
            TableName=self.outputs["HistoryTableName"], KeyConditionExpression="scheduleId = :id",
            ExpressionAttributeValues={":id": {"S": schedule}}, ConsistentRead=True)["Items"]
        rows = [{key: TypeDeserializer().deserialize(value) for key, value in item.items()} for item in items]
        return next((row for row in rows if row.get("executionArn") == execution), {})

    def mend(self, row, job):
        """An operator's hand: the job's next attempt shall succeed."""
        place = [one["jobName"] for one in row["jobList"]].index(job)
        self.aws["dynamodb"].update_item(
            TableName=self.outputs["HistoryTableName"],
            Key={"scheduleId": {"S": row["scheduleId"]}, "startDateTime": {"S": row["startDateTime"]}},
            UpdateExpression=f"SET jobList[{place}].#p.#s = :zero",
            ExpressionAttributeNames={"#p": "parameters", "#s": "status"}, ExpressionAttributeValues={":zero": {"S": "0"}})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stack", required=True)
    parser.add_argument("--endpoint-url", default=os.environ.get("AWS_ENDPOINT_URL"))
    options = parser.parse_args()
    demo = Demo(options.stack, options.endpoint_url)
    print("\nThe nightly schedule")
    demo.run(demo.load("daily-pm-load", seconds=1))
    print("\nA job fails; the run is mended and restarted")
    row = demo.run(demo.load("daily-am-load", seconds=0, job3=1))
    demo.mend(row, "job3")
    demo.run(row["scheduleId"], row["startDateTime"], "RESTART")


if __name__ == "__main__":
    main()
