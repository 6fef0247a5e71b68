"""A service that lives elsewhere: `--route`. Another Baton stands for AWS."""

import json
import subprocess

import pytest

from conftest import BATON, REGION, Server, eventually


@pytest.fixture(scope="module")
def near(baton, tmp_path_factory):
    """A Baton whose queues and jobs are those of another."""
    server = Server(
        tmp_path_factory.mktemp("near"), "--route", f"sqs={baton.endpoint}", "--route", f"batch={baton.endpoint}",
        environment={"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    yield server
    server.stop()


def test_clients_reach_the_service_through_this_baton(near, aws):
    url = near.client("sqs").create_queue(QueueName="far")["QueueUrl"]
    near.client("sqs").send_message(QueueUrl=url, MessageBody="hello")
    (message,) = aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert message["Body"] == "hello"


def test_errors_come_through(near):
    sqs = near.client("sqs")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="none")


def test_the_other_services_call_it_there(near, aws):
    batch = aws("batch")
    batch.create_compute_environment(computeEnvironmentName="far", type="UNMANAGED")
    batch.create_job_queue(
        jobQueueName="far", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "far"}])
    batch.register_job_definition(jobDefinitionName="far", type="container", containerProperties={
        "image": "host", "command": ["true"],
        "resourceRequirements": [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "64"}]})
    states = near.client("stepfunctions")
    machine = states.create_state_machine(
        name="far", roleArn="arn:aws:iam::000000000000:role/any", definition=json.dumps({
            "StartAt": "Job", "States": {"Job": {
                "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": True,
                "Parameters": {"JobName": "far", "JobQueue": "far", "JobDefinition": "far"}}}}))
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]

    def ended():
        found = states.describe_execution(executionArn=execution)
        return found if found["status"] != "RUNNING" else None

    end = eventually(ended, 30, "the end of the execution")
    assert end["status"] == "SUCCEEDED", end
    assert aws("batch").describe_jobs(jobs=[json.loads(end["output"])["JobId"]])["jobs"][0]["status"] == "SUCCEEDED"


@pytest.mark.parametrize("route", ["sqs", "sqs=", "nothing=aws", "sqs=ftp://x", "s3=aws"])
def test_a_route_that_leads_nowhere_is_refused(route):
    result = subprocess.run([BATON, "serve", "--route", route], capture_output=True, text=True, timeout=30)
    assert result.returncode != 0 and "service=aws|URL" in result.stderr
