"""The scenarios of the universal scheduler, on a deployed stack with real jobs, as its users see them."""

import json
import os
import re
import shutil
import subprocess
import urllib.request
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from conftest import ACCOUNT, BATON, REGION, ROOT, Server, eventually

SYSTEM = ROOT / "Systems" / "UniversalScheduler"
FUNCTIONS = Path(os.environ.get("UNIVERSAL_SCHEDULER", ROOT / ".build/debug/universal-scheduler"))
FETCH_AND_RUN = Path(os.environ.get("FETCH_AND_RUN", ROOT / ".build/debug/fetch-and-run"))
FINAL = {"SUCCEEDED", "FAILED"}
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$")


def plain(item):
    return {key: TypeDeserializer().deserialize(value) for key, value in item.items()}


class Stack:
    """A deployed stack and the sample's queue, and what operators do with them."""

    def __init__(self, aws, outputs):
        self.aws = aws
        self.outputs = outputs
        topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:batch-schedule-results"
        self.mailbox = aws("sqs").create_queue(QueueName=f"mail-{uuid.uuid4()}")["QueueUrl"]
        arn = aws("sqs").get_queue_attributes(QueueUrl=self.mailbox, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    # Documents

    def sample(self, name):
        text = (SYSTEM / "samples" / f"{name}.json").read_text()
        for key, value in {"Region": REGION, "Account": ACCOUNT}.items():
            text = text.replace("${%s}" % key, value)
        return json.loads(text, parse_float=Decimal)

    def schedule(self, name, **jobs):
        """A sample under an id of its own, polled each second; `job3={"status": 1}` are parameters of a job."""
        document = {**self.sample(name), "scheduleId": f"{name}-{uuid.uuid4().hex[:8]}", "wait_time": 1}
        for job in document["jobList"]:
            if job["jobName"] in jobs:
                job["parameters"] = {key: str(value) for key, value in jobs[job["jobName"]].items()}
        return self.put(document)

    def put(self, document):
        item = {key: TypeSerializer().serialize(value) for key, value in document.items()}
        self.aws("dynamodb").put_item(TableName=self.outputs["ScheduleTableName"], Item=item)
        return document["scheduleId"]

    # Runs

    def start(self, schedule, started=" ", status=" "):
        message = {"scheduleId": schedule, "startDateTime": started, "scheduleStatus": status}
        return self.aws("stepfunctions").start_execution(
            stateMachineArn=self.outputs["StateMachineArn"], input=json.dumps(message))["executionArn"]

    def end(self, execution, timeout=60):
        def probe():
            found = self.aws("stepfunctions").describe_execution(executionArn=execution)
            return found if found["status"] != "RUNNING" else None

        return eventually(probe, timeout=timeout, what=f"the end of {execution}")

    def run(self, schedule, *restart, timeout=60):
        return self.end(self.start(schedule, *restart), timeout)

    def rows(self, schedule):
        return [plain(item) for item in self.aws("dynamodb").query(
            TableName=self.outputs["HistoryTableName"], KeyConditionExpression="scheduleId = :id",
            ExpressionAttributeValues={":id": {"S": schedule}}, ConsistentRead=True)["Items"]]

    def row(self, schedule):
        (row,) = self.rows(schedule)
        return row

    def put_row(self, row):
        item = {key: TypeSerializer().serialize(value) for key, value in row.items()}
        self.aws("dynamodb").put_item(TableName=self.outputs["HistoryTableName"], Item=item)

    # Jobs

    def jobs(self, row):
        """What Batch knows of a row's jobs, by name."""
        ids = [job["jobId"]["jobId"] for job in row["jobList"] if isinstance(job["jobId"], dict)]
        found = []
        for start in range(0, len(ids), 100):
            found += self.aws("batch").describe_jobs(jobs=ids[start:start + 100])["jobs"]
        return {job["jobName"]: job for job in found}

    def submissions(self, schedule):
        """All jobs that any run of the schedule has submitted."""
        names = [execution["name"] for execution in self.executions() if schedule in self.input(execution["executionArn"])]
        ids = [job["jobId"] for job in self.aws("batch").get_paginator("list_jobs").paginate(
            jobQueue="SampleJobQueue", filters=[{"name": "AFTER_CREATED_AT", "values": ["0"]}]
        ).build_full_result()["jobSummaryList"]]
        found = []
        for start in range(0, len(ids), 100):
            found += self.aws("batch").describe_jobs(jobs=ids[start:start + 100])["jobs"]
        return [job for job in found if job["tags"]["schedule-submission"].split(" ")[0] in names]

    def executions(self):
        return self.aws("stepfunctions").get_paginator("list_executions").paginate(
            stateMachineArn=self.outputs["StateMachineArn"]).build_full_result()["executions"]

    def input(self, execution):
        return self.aws("stepfunctions").describe_execution(executionArn=execution)["input"]

    def mail(self, schedule):
        """The messages on this schedule that have come."""
        found = []
        while True:
            messages = self.aws("sqs").receive_message(
                QueueUrl=self.mailbox, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
            if not messages:
                return found
            for message in messages:
                self.aws("sqs").delete_message(QueueUrl=self.mailbox, ReceiptHandle=message["ReceiptHandle"])
                body = json.loads(message["Body"])
                if schedule in body["Subject"]:
                    found.append(body)


def deployed(server, folder):
    """Deploys system and samples on a server → what its users do with it."""
    clients = {}
    aws = lambda service: clients.setdefault(service, server.client(service))
    environment = {
        **os.environ, "AWS_ENDPOINT_URL": server.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
    }

    def deploy(template, stack):
        result = subprocess.run(
            [BATON, "deploy", str(template), "--stack", stack, "--json"], env=environment, capture_output=True,
            text=True, timeout=300)
        assert result.returncode == 0, result.stdout + result.stderr
        return json.loads(result.stdout.strip().splitlines()[-1])["outputs"]

    shutil.copy(SYSTEM / "template.yaml", folder)
    shutil.copy(SYSTEM / "scheduler.asl.json", folder)
    (folder / "function").mkdir()
    subprocess.run(["strip", "-s", str(FUNCTIONS), "-o", str(folder / "function" / "bootstrap")], check=True)
    deploy(SYSTEM / "samples" / "batch.yaml", "samples")
    return Stack(aws, deploy(folder / "template.yaml", "universal-scheduler"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scheduler-server")
    (folder / "data").mkdir()
    images = {"fetch-and-run": {"command": [str(FETCH_AND_RUN)]}}
    (folder / "data" / "batch.json").write_text(json.dumps({"images": images}))
    server = Server(folder)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stack(server, tmp_path_factory):
    return deployed(server, tmp_path_factory.mktemp("scheduler"))


def depends_on(job):
    return [dependency["jobId"] for dependency in job.get("dependsOn", [])]


def ids(row):
    return {job["jobName"]: job["jobId"]["jobId"] for job in row["jobList"] if isinstance(job["jobId"], dict)}


def statuses(row):
    return {job["jobName"]: job["jobStatus"] for job in row["jobList"]}


def expect_evening(stack, schedule):
    """A run of the five jobs in which all went well."""
    row = stack.row(schedule)
    jobs = stack.jobs(row)
    assert [len(depends_on(jobs[f"job{n}"])) for n in range(1, 6)] == [0, 1, 1, 2, 3]
    by_name = ids(row)
    assert set(depends_on(jobs["job5"])) == {by_name["job2"], by_name["job3"], by_name["job4"]}
    assert jobs["job2"]["startedAt"] >= jobs["job1"]["stoppedAt"]
    assert all(jobs["job5"]["startedAt"] >= jobs[f"job{n}"]["stoppedAt"] for n in (2, 3, 4))
    assert set(statuses(row).values()) == {"SUCCEEDED"} and row["scheduleStatus"] == "SUCCEEDED"
    assert MOMENT.match(row["startDateTime"]) and MOMENT.match(row["lastDateTime"])
    assert row["lastDateTime"] >= row["startDateTime"]
    assert len(stack.submissions(schedule)) == 5
    return row


def test_us_1_a_schedule_runs_its_jobs_in_the_order_of_their_dependencies(stack):
    schedule = stack.schedule("daily-pm-load")
    assert stack.run(schedule)["status"] == "SUCCEEDED"
    expect_evening(stack, schedule)


def test_us_2_an_unknown_schedule_fails_and_leaves_nothing(stack):
    end = stack.run("no-such-schedule")
    assert (end["status"], end["error"]) == ("FAILED", "Batch Schedule FAILED")
    assert "Error: schedule record not found" in end["cause"]
    assert stack.rows("no-such-schedule") == []
    assert stack.submissions("no-such-schedule") == []


@pytest.fixture
def failed(stack):
    """A run whose job3 has failed while job4 went on."""
    schedule = stack.schedule("daily-pm-load", job3={"seconds": 0, "status": 1}, job4={"seconds": 3})
    assert stack.run(schedule)["status"] == "FAILED"
    return schedule


def test_us_3_a_failed_job_fails_the_run_once_its_siblings_are_done(stack, failed):
    row = stack.row(failed)
    assert statuses(row) == {
        "job1": "SUCCEEDED", "job2": "SUCCEEDED", "job3": "FAILED", "job4": "SUCCEEDED", "job5": "FAILED"}
    assert row["scheduleStatus"] == "FAILED"
    (mail,) = stack.mail(failed)
    assert mail["Subject"] == f"Batch schedule: {failed} FAILED"
    for word in ("job3", "job5", row["startDateTime"]):
        assert word in mail["Message"]
    assert not mail["Message"].startswith('"')


def test_us_4_a_restart_repeats_what_failed(stack, failed):
    before = stack.row(failed)
    before["jobList"][2]["parameters"]["status"] = "0"
    stack.put_row(before)
    assert stack.run(failed, before["startDateTime"], "RESTART")["status"] == "SUCCEEDED"
    after = stack.row(failed)
    assert after["restartCount"] == 1
    assert {name for name in ids(after) if ids(after)[name] != ids(before)[name]} == {"job3", "job5"}
    assert len(stack.submissions(failed)) == 7
    assert depends_on(stack.jobs(after)["job5"]) == [ids(after)["job3"]]


@pytest.mark.parametrize("word", ["PASS", "SKIP"])
def test_us_5_an_operator_skips_a_job(stack, failed, word):
    row = stack.row(failed)
    row["jobList"][2]["jobStatus"] = word
    stack.put_row(row)
    assert stack.run(failed, row["startDateTime"], "RESTART")["status"] == "SUCCEEDED"
    after = stack.row(failed)
    assert statuses(after)["job3"] == word
    assert len(stack.submissions(failed)) == 6
    assert depends_on(stack.jobs(after)["job5"]) == []


def test_us_6_a_restart_of_an_unknown_run_fails_as_an_unknown_schedule_does(stack):
    schedule = stack.schedule("daily-pm-load")
    end = stack.run(schedule, "2018-09-24T22:01:52.337998", "RESTART")
    assert (end["status"], end["error"]) == ("FAILED", "Batch Schedule FAILED")
    assert "Error: schedule record not found" in end["cause"]
    assert stack.rows(schedule) == []


def test_us_7_a_restart_of_a_running_schedule_only_watches_it(stack):
    schedule = stack.schedule("daily-pm-load", job2={"seconds": 4})
    first = stack.start(schedule)

    def running():
        rows = stack.rows(schedule)
        return rows and stack.jobs(rows[0]).get("job2", {}).get("status") == "RUNNING" and rows[0]

    row = eventually(running, timeout=30, what="job2 running")
    second = stack.start(schedule, row["startDateTime"], "RESTART")
    assert stack.end(first)["status"] == "SUCCEEDED"
    assert stack.end(second)["status"] == "SUCCEEDED"
    names = [job["jobName"] for job in stack.submissions(schedule)]
    assert sorted(names) == ["job1", "job2", "job3", "job4", "job5"]


def test_us_8_a_job_listed_before_its_dependency_runs_after_it(stack):
    schedule = stack.schedule("out-of-order")
    assert stack.run(schedule)["status"] == "SUCCEEDED"
    jobs = stack.jobs(stack.row(schedule))
    assert jobs["jobB"]["startedAt"] >= jobs["jobA"]["stoppedAt"]


@pytest.mark.parametrize("name", ["cycle", "unknown-dep", "duplicate-name"])
def test_us_8_a_schedule_that_cannot_run_submits_nothing(stack, name):
    schedule = stack.schedule(name)
    assert stack.run(schedule)["status"] == "FAILED"
    row = stack.row(schedule)
    assert row["scheduleStatus"] == "FAILED" and "jobA" in row["scheduleMessage"]
    assert stack.submissions(schedule) == []


def test_us_9_a_job_that_batch_refuses_fails_alone(stack):
    document = {**stack.sample("daily-pm-load"), "scheduleId": f"refused-{uuid.uuid4().hex[:8]}", "wait_time": 1}
    document["jobList"][1]["jobQueue"] = f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/NoSuchQueue"
    schedule = stack.put(document)
    assert stack.run(schedule)["status"] == "FAILED"
    row = stack.row(schedule)
    assert statuses(row) == {"job1": "SUCCEEDED", "job2": "FAILED", "job3": "SUCCEEDED", "job4": " ", "job5": " "}
    assert row["jobList"][1]["jobMessage"]
    assert row["scheduleStatus"] == "FAILED"
    assert len(stack.mail(schedule)) == 1


def test_us_10_the_first_failure_ends_the_rest_where_the_document_says_so(stack):
    schedule = stack.schedule("terminate", job3={"seconds": 0, "status": 1}, job2={"seconds": 60})
    assert stack.run(schedule, timeout=20)["status"] == "FAILED"
    job2 = stack.jobs(stack.row(schedule))["job2"]
    assert job2["status"] == "FAILED" and schedule in job2["statusReason"]


def test_us_11_topic_name_and_wait_time_may_be_absent(stack):
    schedule = stack.schedule("minimal")
    document = {**stack.sample("minimal"), "scheduleId": f"{schedule}-bare"}
    stack.put(document)
    execution = stack.start(document["scheduleId"])
    assert stack.run(schedule)["status"] == "SUCCEEDED"
    assert stack.row(schedule)["scheduleStatus"] == "SUCCEEDED"
    assert stack.mail(schedule) == []
    # Without wait_time it looks again after a minute.
    row = eventually(lambda: stack.rows(document["scheduleId"]), what="the bare schedule's row")[0]
    assert (row["wait_time"], row["scheduleStatus"]) == (60, "RUNNING")
    stack.aws("stepfunctions").stop_execution(executionArn=execution)


def post(stack, path, body):
    request = urllib.request.Request(
        stack.outputs["ApiEndpoint"] + path, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_us_12_the_http_api_starts_a_run_with_each_call(stack):
    schedule = stack.schedule("minimal")
    message = json.dumps({"scheduleId": schedule, "startDateTime": " ", "scheduleStatus": " "})
    body = {"input": message, "stateMachineArn": stack.outputs["StateMachineArn"]}
    executions = {post(stack, "/executions", body)["executionArn"] for _ in range(2)}
    assert len(executions) == 2
    assert {stack.end(execution)["status"] for execution in executions} == {"SUCCEEDED"}
    assert len(stack.rows(schedule)) == 2


def test_us_12_a_rule_starts_runs(stack):
    schedule = stack.schedule("minimal")
    events = stack.aws("events")
    role = f"arn:aws:iam::{ACCOUNT}:role/any"
    events.put_rule(Name=schedule, EventPattern=json.dumps({"source": [schedule]}))
    events.put_targets(Rule=schedule, Targets=[{
        "Id": "run", "Arn": stack.outputs["StateMachineArn"], "RoleArn": role,
        "Input": json.dumps({"scheduleId": schedule, "startDateTime": " ", "scheduleStatus": " "})}])
    events.put_events(Entries=[{"Source": schedule, "DetailType": "now", "Detail": "{}"}])
    eventually(lambda: [row for row in stack.rows(schedule) if row["scheduleStatus"] == "SUCCEEDED"], timeout=30)
    assert len(stack.rows(schedule)) == 1


def test_us_12_a_request_row_starts_one_run(stack):
    schedule = stack.schedule("minimal")
    table = stack.outputs["RequestTableName"]
    row = {"runRequestID": {"S": str(uuid.uuid4())}, "scheduleId": {"S": schedule}, "requestedBy": {"S": "client-1"}}
    stack.aws("dynamodb").put_item(TableName=table, Item=row)
    stack.aws("dynamodb").put_item(TableName=table, Item={**row, "requestedBy": {"S": "client-2"}})
    name = f"batch-{schedule}-{row['runRequestID']['S']}"[:80]
    eventually(lambda: [one for one in stack.executions() if one["name"] == name and one["status"] == "SUCCEEDED"], timeout=30)
    assert len([one for one in stack.executions() if schedule in one["name"]]) == 1
    assert len(stack.rows(schedule)) == 1


def test_us_12_a_request_over_http_puts_its_row(stack):
    schedule = stack.schedule("minimal")
    row = post(stack, "/runrequests", {"scheduleId": schedule, "requestedBy": "client-1"})
    stored = stack.aws("dynamodb").get_item(
        TableName=stack.outputs["RequestTableName"], Key={"runRequestID": {"S": row["runRequestID"]}})["Item"]
    assert plain(stored) == row
    eventually(lambda: [one for one in stack.rows(schedule) if one["scheduleStatus"] == "SUCCEEDED"], timeout=30)


def test_a_document_put_into_the_bucket_is_loaded(stack):
    document = {**stack.sample("minimal"), "scheduleId": f"loaded {uuid.uuid4().hex[:8]}"}
    stack.aws("s3").put_object(
        Bucket=stack.outputs["BucketName"], Key="folder/a schedule.json", Body=json.dumps(document).encode())
    key = {"scheduleId": {"S": document["scheduleId"]}}
    item = eventually(lambda: stack.aws("dynamodb").get_item(
        TableName=stack.outputs["ScheduleTableName"], Key=key).get("Item"), what="the loaded schedule")
    assert plain(item) == document


def output(stack, job):
    """What a job has written."""
    stream = job["container"]["logStreamName"]
    events = stack.aws("logs").get_log_events(logGroupName="/aws/batch/job", logStreamName=stream, startFromHead=True)
    return [event["message"] for event in events["events"]]


def test_us_13_parameters_and_overrides_reach_the_process(stack):
    document = {**stack.sample("minimal"), "scheduleId": f"override-{uuid.uuid4().hex[:8]}", "wait_time": 1}
    document["jobList"][0].update(
        parameters={"seconds": "0"},
        containerOverrides={
            "command": ["sh", "-c", 'echo "$GREETING $0"', "Ref::seconds"],
            "environment": [{"name": "GREETING", "value": "hello"}]})
    schedule = stack.put(document)
    assert stack.run(schedule)["status"] == "SUCCEEDED"
    assert output(stack, stack.jobs(stack.row(schedule))["only"]) == ["hello 0"]


SCRIPT = '#!/bin/sh\necho "$0" | grep -c tmp\necho "$1,$2"\necho "$AWS_BATCH_JOB_ID"\n'


def fetched(stack, environment, command):
    document = {**stack.sample("minimal"), "scheduleId": f"fetch-{uuid.uuid4().hex[:8]}", "wait_time": 1}
    document["jobList"][0].update(
        jobDefinition="FetchAndRun",
        containerOverrides={
            "command": command,
            "environment": [{"name": name, "value": value} for name, value in environment.items()]})
    schedule = stack.put(document)
    stack.run(schedule)
    return stack.jobs(stack.row(schedule))["only"]


def test_us_13_a_script_from_s3_gets_its_arguments(stack):
    stack.aws("s3").put_object(Bucket="batch-scripts", Key="sample.sh", Body=SCRIPT.encode())
    job = fetched(
        stack, {"BATCH_FILE_TYPE": "script", "BATCH_FILE_S3_URL": "s3://batch-scripts/sample.sh"},
        ["sample.sh", "60", "x y"])
    assert job["status"] == "SUCCEEDED", output(stack, job)
    assert output(stack, job)[1:] == ["60,x y", job["jobId"]]


@pytest.mark.parametrize("environment, status", [
    ({"BATCH_FILE_S3_URL": "s3://batch-scripts/sample.sh"}, 2),
    ({"BATCH_FILE_TYPE": "script", "BATCH_FILE_S3_URL": "http://batch-scripts/sample.sh"}, 2),
    ({"BATCH_FILE_TYPE": "script", "BATCH_FILE_S3_URL": "s3://batch-scripts/absent.sh"}, 1),
])
def test_us_13_wrong_settings_fail_the_job(stack, environment, status):
    job = fetched(stack, environment, ["sample.sh"])
    assert (job["status"], job["container"]["exitCode"]) == ("FAILED", status)


def test_us_14_a_run_survives_its_server(tmp_path):
    server = Server(tmp_path)
    folder = tmp_path / "system"
    folder.mkdir()
    try:
        stack = deployed(server, folder)
        schedule = stack.schedule("daily-pm-load", job2={"seconds": 3})
        execution = stack.start(schedule)

        def running():
            rows = stack.rows(schedule)
            return rows and stack.jobs(rows[0]).get("job2", {}).get("status") == "RUNNING"

        eventually(running, timeout=30, what="job2 running")
        server.kill()
        server.start()
        assert stack.end(execution)["status"] == "SUCCEEDED"
        expect_evening(stack, schedule)
    finally:
        server.stop()


def test_us_15_a_hundred_jobs(stack):
    def job(name, *dependencies):
        return {"jobName": name, "jobDefinition": "SampleJobDefinition", "jobQueue": "SampleJobQueue",
                "jobDependencies": list(dependencies), "parameters": {"seconds": "0"}}

    middle = [f"job{n}" for n in range(1, 91)]
    joins = [f"join{n}" for n in range(8)]
    jobs = [job("job0"), *(job(name, "job0") for name in middle),
            *(job(name, *middle[n * 12:n * 12 + 12]) for n, name in enumerate(joins)), job("jobLast", *joins)]
    assert len(jobs) == 100
    schedule = stack.put({"scheduleId": f"hundred-{uuid.uuid4().hex[:8]}", "wait_time": 1, "jobList": jobs})
    assert stack.run(schedule, timeout=120)["status"] == "SUCCEEDED"
    assert set(statuses(stack.row(schedule)).values()) == {"SUCCEEDED"}


def test_us_15_more_dependencies_than_batch_allows(stack):
    names = [f"job{n}" for n in range(21)]
    jobs = [{"jobName": name, "jobDefinition": "SampleJobDefinition", "jobQueue": "SampleJobQueue",
             "jobDependencies": []} for name in names]
    jobs.append({**jobs[0], "jobName": "jobLast", "jobDependencies": names})
    schedule = stack.put({"scheduleId": f"many-{uuid.uuid4().hex[:8]}", "wait_time": 1, "jobList": jobs})
    assert stack.run(schedule)["status"] == "FAILED"
    assert "jobLast" in stack.row(schedule)["scheduleMessage"]
    assert stack.submissions(schedule) == []
