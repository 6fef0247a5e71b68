"""AWS Batch over boto3, with real processes: what a job scheduler must do, and what it must survive."""

import json
import os
import signal
import subprocess
import time

import pytest
from botocore.exceptions import ClientError

from conftest import BATON, Server, eventually

FINAL = ("SUCCEEDED", "FAILED")
SMALL = [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "64"}]


class World:
    """A queue on an environment, and definitions of shell commands."""

    def __init__(self, client, name):
        self.batch, self.name, self.count = client, name, 0
        client.create_compute_environment(computeEnvironmentName=name, type="UNMANAGED")
        client.create_job_queue(
            jobQueueName=name, priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": name}])

    def define(self, script, container=None, **settings):
        self.count += 1
        return self.batch.register_job_definition(
            jobDefinitionName=f"{self.name}-{self.count}", type="container",
            containerProperties={
                "image": "host", "command": ["sh", "-c", script], "resourceRequirements": SMALL, **(container or {})},
            **settings)["jobDefinitionArn"]

    def submit(self, definition, **settings):
        return self.batch.submit_job(
            **{"jobName": "job", "jobQueue": self.name, "jobDefinition": definition, **settings})["jobId"]

    def run(self, script, **settings):
        return self.submit(self.define(script), **settings)

    def job(self, job):
        found = self.batch.describe_jobs(jobs=[job])["jobs"]
        return found[0] if found else None

    def wait(self, *jobs, states=FINAL, timeout=60):
        def reached():
            found = self.batch.describe_jobs(jobs=list(jobs))["jobs"]
            return found if all(job["status"] in states for job in found) else None

        found = {job["jobId"]: job for job in eventually(reached, timeout, f"one of {states}")}
        return [found[job] for job in jobs]

    def end(self, *jobs, timeout=60):
        found = self.wait(*jobs, timeout=timeout)
        return found[0] if len(found) == 1 else found


def output(client, job):
    stream = job["container"]["logStreamName"]
    try:
        events = client.get_log_events(logGroupName="/aws/batch/job", logStreamName=stream, startFromHead=True)["events"]
    except client.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in events]


@pytest.fixture(scope="module")
def world(aws):
    return World(aws("batch"), "wire")


def alive(word):
    """Processes whose command holds `word`, and are no zombies."""
    lines = subprocess.run(["ps", "-eo", "pid,stat,args"], capture_output=True, text=True).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if word in line and line.split()[1][0] != "Z"]


# MARK: One job


def test_a_job_runs_and_tells_everything(world, aws):
    definition = world.define("echo Hello Ref::who; echo $COLOR; exit 0", parameters={"who": "world"}, tags={"a": "b"})
    job = world.end(world.submit(
        definition, jobName="first", parameters={"who": "you"},
        containerOverrides={"environment": [{"name": "COLOR", "value": "red"}]}))
    assert (job["status"], job["statusReason"]) == ("SUCCEEDED", "Essential container in task exited")
    assert job["container"]["exitCode"] == 0
    assert job["createdAt"] <= job["startedAt"] <= job["stoppedAt"]
    assert job["jobDefinition"] == definition and job["jobQueue"].endswith(":job-queue/wire")
    assert len(job["attempts"]) == 1 and job["attempts"][0]["container"]["exitCode"] == 0
    assert output(aws("logs"), job) == ["Hello you", "red"]


def test_the_environment_of_a_job(world, aws, endpoint):
    job = world.end(world.run("env"))
    values = dict(line.split("=", 1) for line in output(aws("logs"), job) if "=" in line)
    assert values["AWS_BATCH_JOB_ID"] == job["jobId"]
    assert values["AWS_BATCH_JOB_ATTEMPT"] == "1"
    assert (values["AWS_BATCH_JQ_NAME"], values["AWS_BATCH_CE_NAME"]) == ("wire", "wire")
    assert values["AWS_ENDPOINT_URL"] == endpoint
    assert values["AWS_ACCESS_KEY_ID"] and values["AWS_REGION"] == "us-east-1"


@pytest.mark.parametrize("script, code", [("exit 3", 3), ("kill -9 $$", 137), ("kill -15 $$", 143)])
def test_exit_codes(world, script, code):
    job = world.end(world.run(script))
    assert (job["status"], job["container"]["exitCode"]) == ("FAILED", code)


@pytest.mark.parametrize("container, reason", [
    ({"command": ["no-such-program"]}, "CannotStartContainerError"),
    ({"image": "no/such:image"}, "CannotPullContainerError"),
    ({"secrets": [{"name": "X", "valueFrom": "none"}]}, "ResourceInitializationError"),
])
def test_what_cannot_start_says_why(world, container, reason):
    job = world.end(world.submit(world.define("true", container)))
    assert job["status"] == "FAILED" and "exitCode" not in job["container"]
    assert job["container"]["reason"].startswith(reason)


def test_attempts_follow_the_strategy(world):
    definition = world.define("exit $((10 + AWS_BATCH_JOB_ATTEMPT))", retryStrategy={
        "attempts": 5, "evaluateOnExit": [{"onExitCode": "11", "action": "RETRY"}, {"onExitCode": "1*", "action": "EXIT"}]})
    job = world.end(world.submit(definition))
    assert [attempt["container"]["exitCode"] for attempt in job["attempts"]] == [11, 12]
    assert world.end(world.submit(definition, retryStrategy={"attempts": 1}))["attempts"][0]["container"]["exitCode"] == 11


def test_terminate_and_cancel(world):
    running = world.run("echo on; sleep 1000")
    waiting = world.run("true", dependsOn=[{"jobId": running}])
    world.wait(running, states=("RUNNING",))
    world.batch.cancel_job(jobId=running, reason="too late")
    world.batch.cancel_job(jobId=waiting, reason="not needed")
    job = world.end(waiting)
    assert (job["status"], job["statusReason"], job["attempts"]) == ("FAILED", "not needed", [])
    assert world.job(running)["status"] == "RUNNING"
    world.batch.terminate_job(jobId=running, reason="enough")
    job = world.end(running)
    assert (job["status"], job["statusReason"], job["isTerminated"]) == ("FAILED", "enough", True)
    assert job["container"]["exitCode"] == 143


def test_nothing_of_a_job_stays_behind(world):
    mark = f"sleep 98{os.getpid()}"
    world.end(world.run(f"{mark} & setsid {mark} & (setsid sh -c '{mark} &' &) ; sleep 0.3; exit 0"))
    assert alive(mark) == []


def test_a_flood_of_output_is_kept_within_bounds(world, aws):
    job = world.end(world.run("head -c 100000000 /dev/zero | tr '\\0' 'x'; echo; echo end"), timeout=120)
    assert job["status"] == "SUCCEEDED"


# MARK: Dependencies and arrays


def test_dependencies(world):
    first = world.run("sleep 0.5")
    second = world.run("true", dependsOn=[{"jobId": first}])
    third = world.run("true", dependsOn=[{"jobId": first}, {"jobId": second}])
    assert world.job(second)["status"] == "PENDING"
    jobs = world.end(first, second, third)
    assert [job["status"] for job in jobs] == ["SUCCEEDED"] * 3
    assert jobs[0]["stoppedAt"] <= jobs[1]["startedAt"] and jobs[1]["stoppedAt"] <= jobs[2]["startedAt"]


def test_what_depends_on_a_failure_fails(world):
    first = world.run("exit 1")
    second = world.run("true", dependsOn=[{"jobId": first}])
    third = world.run("true", dependsOn=[{"jobId": second}])
    for job in world.end(second, third):
        assert (job["status"], job["statusReason"], job["attempts"]) == ("FAILED", "Dependent Job failed", [])
    late = world.run("true", dependsOn=[{"jobId": first}])
    assert world.end(late)["statusReason"] == "Dependent Job failed"


def test_arrays(world, aws):
    job = world.run("echo $AWS_BATCH_JOB_ARRAY_INDEX; test $AWS_BATCH_JOB_ARRAY_INDEX != 3", arrayProperties={"size": 6})
    assert world.job(job)["arrayProperties"]["size"] == 6
    parent = world.end(job)
    assert (parent["status"], parent["statusReason"]) == ("FAILED", "Array Child Job failed")
    assert parent["arrayProperties"]["statusSummary"]["SUCCEEDED"] == 5
    children = world.batch.list_jobs(arrayJobId=job, jobStatus="SUCCEEDED")["jobSummaryList"]
    assert [child["jobId"] for child in children] == [f"{job}:{index}" for index in (0, 1, 2, 4, 5)]
    child = world.job(f"{job}:3")
    assert child["arrayProperties"]["index"] == 3 and child["status"] == "FAILED"
    assert output(aws("logs"), child) == ["3"]


def test_n_to_n_and_sequential(world):
    first = world.run("test $AWS_BATCH_JOB_ARRAY_INDEX != 1", arrayProperties={"size": 3})
    second = world.run("true", arrayProperties={"size": 3}, dependsOn=[{"jobId": first, "type": "N_TO_N"}])
    world.end(second)
    assert [world.job(f"{second}:{index}")["status"] for index in range(3)] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    third = world.run("sleep 0.1", arrayProperties={"size": 3}, dependsOn=[{"type": "SEQUENTIAL"}])
    assert world.end(third)["status"] == "SUCCEEDED"
    times = [world.job(f"{third}:{index}") for index in range(3)]
    assert all(one["stoppedAt"] <= next["startedAt"] for one, next in zip(times, times[1:]))


def test_multi_node_jobs(world, aws):
    group = {"image": "host", "resourceRequirements": SMALL, "command": [
        "sh", "-c", "echo $AWS_BATCH_JOB_NODE_INDEX of $AWS_BATCH_JOB_NUM_NODES; sleep 0.5"]}
    definition = world.batch.register_job_definition(
        jobDefinitionName="nodes", type="multinode", nodeProperties={
            "numNodes": 3, "mainNode": 0, "nodeRangeProperties": [{"targetNodes": "0:", "container": group}]})["jobDefinitionArn"]
    job = world.submit(definition)
    assert world.end(job)["status"] == "SUCCEEDED"
    nodes = [world.job(f"{job}#{index}") for index in range(3)]
    assert [output(aws("logs"), node) for node in nodes] == [[f"{index} of 3"] for index in range(3)]
    assert nodes[0]["nodeDetails"] == {"nodeIndex": 0, "isMainNode": True}


def test_tasks_of_several_containers(world, aws):
    def container(name, script, **more):
        return {"name": name, "image": "host", "command": ["sh", "-c", script], "resourceRequirements": SMALL, **more}

    definition = world.batch.register_job_definition(jobDefinitionName="task", type="container", ecsProperties={
        "taskProperties": [{"containers": [
            container("prepare", "exit 0", essential=False),
            container("main", "exit 5", dependsOn=[{"containerName": "prepare", "condition": "SUCCESS"}]),
            container("side", "sleep 1000", essential=False, stopTimeout=2)]}]})["jobDefinitionArn"]
    job = world.end(world.submit(definition))
    assert job["status"] == "FAILED" and job["attempts"][0]["container"]["exitCode"] == 5
    containers = job["ecsProperties"]["taskProperties"][0]["containers"]
    assert [one.get("exitCode") for one in containers] == [0, 5, 143]
    assert [one["name"] for one in job["attempts"][0]["taskProperties"][0]["containers"]] == ["prepare", "main", "side"]


def test_pods(world, aws):
    def container(name, script):
        return {"name": name, "image": "host", "command": ["sh", "-c"], "args": [script],
                "resources": {"limits": {"cpu": "250m", "memory": "64Mi"}}}

    definition = world.batch.register_job_definition(jobDefinitionName="pod", type="container", eksProperties={
        "podProperties": {"initContainers": [container("first", "exit 0")], "containers": [container("main", "exit $CODE")]}},
    )["jobDefinitionArn"]
    job = world.end(world.submit(definition, eksPropertiesOverride={
        "podProperties": {"containers": [{"name": "main", "env": [{"name": "CODE", "value": "6"}]}]}}))
    pod = job["eksProperties"]["podProperties"]
    assert job["status"] == "FAILED" and pod["containers"][0]["exitCode"] == 6 and pod["initContainers"][0]["exitCode"] == 0
    assert job["eksAttempts"][0]["containers"][0]["exitCode"] == 6


def test_what_takes_more_memory_than_it_may_is_killed(world):
    definition = world.define(
        "exec python3 -c 'import time; food = bytearray(300 << 20); time.sleep(1000)'",
        {"resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "100"}]})
    job = world.end(world.submit(definition))
    assert (job["status"], job["container"]["exitCode"]) == ("FAILED", 137)
    assert job["container"]["reason"].startswith("OutOfMemoryError")


def test_the_command(world, environment):
    def baton(*words, code=0):
        done = subprocess.run([BATON, "jobs", *words], env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    job = world.run("echo one; sleep 1; echo two; exit 3", jobName="commanded")
    assert baton("logs", job, "--follow", code=1).splitlines() == ["one", "two"]
    assert "FAILED" in next(line for line in baton("list", "--queue", "wire").splitlines() if job in line)
    assert json.loads(baton("show", job, "--json"))["container"]["exitCode"] == 3
    assert "exit code 3" in baton("show", job)
    held = world.run("sleep 1000")
    world.wait(held, states=("RUNNING",))
    baton("terminate", held, "--reason", "by hand")
    assert world.end(held)["statusReason"] == "by hand"
    assert "no job" in subprocess.run([BATON, "jobs", "show", "none"], env=environment, capture_output=True, text=True).stderr


# MARK: Queues


def test_queues_run_by_priority_and_within_their_environment(aws):
    batch = aws("batch")
    batch.create_compute_environment(
        computeEnvironmentName="one", type="MANAGED",
        computeResources={"type": "EC2", "maxvCpus": 1, "subnets": ["s"], "instanceTypes": ["optimal"], "instanceRole": "r"})
    for name, priority in (("low", 1), ("high", 10)):
        batch.create_job_queue(
            jobQueueName=name, priority=priority, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "one"}])
    definition = batch.register_job_definition(
        jobDefinitionName="vcpu", type="container",
        containerProperties={"image": "host", "command": ["sleep", "0.3"], "vcpus": 1, "memory": 64})["jobDefinitionArn"]
    low = [batch.submit_job(jobName="low", jobQueue="low", jobDefinition=definition)["jobId"] for _ in range(3)]
    high = batch.submit_job(jobName="high", jobQueue="high", jobDefinition=definition)["jobId"]
    front = batch.get_job_queue_snapshot(jobQueue="low")["frontOfQueue"]["jobs"]
    assert len(front) >= 1
    jobs = {}

    def ended():
        jobs.update({job["jobId"]: job for job in batch.describe_jobs(jobs=[*low, high])["jobs"]})
        return all(job["status"] == "SUCCEEDED" for job in jobs.values())

    eventually(ended, 30)
    assert jobs[high]["startedAt"] < jobs[low[1]]["startedAt"]
    ordered = sorted(jobs.values(), key=lambda job: job["startedAt"])
    assert all(one["stoppedAt"] <= next["startedAt"] for one, next in zip(ordered, ordered[1:]))
    with pytest.raises(ClientError, match="Cannot delete, found existing JobQueue relationship"):
        batch.update_compute_environment(computeEnvironment="one", state="DISABLED")
        batch.delete_compute_environment(computeEnvironment="one")


def test_consumable_resources(world):
    world.batch.create_consumable_resource(consumableResourceName="licence", totalQuantity=1)
    definition = world.define("sleep 0.3", consumableResourceProperties={
        "consumableResourceList": [{"consumableResource": "licence", "quantity": 1}]})
    ids = [world.submit(definition) for _ in range(3)]
    eventually(lambda: world.batch.describe_consumable_resource(consumableResource="licence")["inUseQuantity"] == 1)
    jobs = sorted(world.end(*ids), key=lambda job: job["startedAt"])
    assert all(one["stoppedAt"] <= next["startedAt"] for one, next in zip(jobs, jobs[1:]))
    assert len(world.batch.list_jobs_by_consumable_resource(consumableResource="licence")["jobs"]) == 3


def test_events(world, aws):
    events, sqs = aws("events"), aws("sqs")
    queue = sqs.create_queue(QueueName="batch-events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="batch", EventPattern=json.dumps({
        "source": ["aws.batch"], "detail-type": ["Batch Job State Change"], "detail": {"jobName": ["watched"]}}))
    events.put_targets(Rule="batch", Targets=[{"Id": "1", "Arn": arn}])
    job = world.run("true", jobName="watched")
    states = []

    def all_states():
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            event = json.loads(message["Body"])
            assert event["detail"]["jobId"] == job and event["resources"][0].endswith(job)
            states.append(event["detail"]["status"])
        return len(states) >= 5

    eventually(all_states)
    assert sorted(states) == sorted(["SUBMITTED", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"])
    events.remove_targets(Rule="batch", Ids=["1"])
    events.delete_rule(Name="batch")


# MARK: Answers


@pytest.mark.parametrize("change, message", [
    ({"jobName": "no good"}, "Job name should match valid pattern"),
    ({"jobQueue": "none"}, "JobQueue none not found"),
    ({"jobDefinition": "none"}, "JobDefinition none"),
    ({"arrayProperties": {"size": 1}}, "Array size"),
    ({"dependsOn": [{"jobId": "none"}]}, "none does not exist"),
    ({"dependsOn": [{"jobId": "x"}] * 21}, "at most 20"),
    ({"timeout": {"attemptDurationSeconds": 59}}, "at least 60 seconds"),
    ({"retryStrategy": {"attempts": 11}}, "between 1 and 10"),
    ({"shareIdentifier": "x"}, "shareIdentifier"),
])
def test_what_submit_job_refuses(world, change, message):
    definition = world.define("true")
    with pytest.raises(ClientError, match=message) as raised:
        world.batch.submit_job(**{"jobName": "x", "jobQueue": "wire", "jobDefinition": definition, **change})
    assert raised.value.response["Error"]["Code"] == "ClientException"


def test_definitions_have_revisions(world):
    batch = world.batch
    container = {"image": "host", "command": ["true"], "vcpus": 1, "memory": 64}
    for revision in (1, 2):
        answer = batch.register_job_definition(jobDefinitionName="revised", type="container", containerProperties=container)
        assert answer["revision"] == revision
    batch.deregister_job_definition(jobDefinition="revised:2")
    active = batch.describe_job_definitions(jobDefinitionName="revised", status="ACTIVE")["jobDefinitions"]
    assert [definition["revision"] for definition in active] == [1]
    assert world.job(world.submit("revised"))["jobDefinition"].endswith("revised:1")
    with pytest.raises(ClientError):
        world.submit("revised:2")


def test_lists_and_filters(world):
    ids = [world.run("true", jobName=f"listed-{index}") for index in range(3)]
    world.end(*ids)
    found = world.batch.list_jobs(jobQueue="wire", filters=[{"name": "JOB_NAME", "values": ["LISTED-*"]}])["jobSummaryList"]
    assert [job["jobId"] for job in found] == ids[::-1]
    pages = world.batch.get_paginator("list_jobs").paginate(
        jobQueue="wire", filters=[{"name": "JOB_NAME", "values": ["listed-*"]}], PaginationConfig={"PageSize": 2})
    assert [len(page["jobSummaryList"]) for page in pages] == [2, 1]


def test_tags(world):
    arn = world.define("true", tags={"a": "1"})
    world.batch.tag_resource(resourceArn=arn, tags={"b": "2"})
    world.batch.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert world.batch.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


def test_service_jobs_are_left_to_aws(world):
    with pytest.raises(ClientError, match="--route batch=aws"):
        world.batch.submit_service_job(
            jobName="x", jobQueue="wire", serviceRequestPayload="{}", serviceJobType="SAGEMAKER_TRAINING")


# MARK: Restarts


@pytest.fixture
def own(tmp_path):
    server = Server(tmp_path)
    yield server
    server.stop()


def runners(server):
    """Process ids of the runners of a data folder."""
    found = []
    for folder in (server.folder / "data/batch/jobs").glob("*/*/runner"):
        fields = folder.read_text().split()
        found += [int(fields[0])] if fields else []
    return found


@pytest.mark.parametrize("away", [0, 2])
def test_jobs_outlive_baton(own, away):
    world = World(own.client("batch"), "q")
    definition = world.define("echo a; sleep 1.5; echo b; exit 4")
    job = world.submit(definition)
    after = world.submit(world.define("true"), dependsOn=[{"jobId": world.submit(world.define("sleep 0.1"))}])
    world.wait(job, states=("RUNNING",))
    own.kill()
    time.sleep(away)
    own.start()
    ended = world.end(job)
    assert ended["container"]["exitCode"] == 4 and len(ended["attempts"]) == 1
    assert 1400 <= ended["stoppedAt"] - ended["startedAt"] <= 2500
    assert output(own.client("logs"), ended) == ["a", "b"]
    assert world.end(after)["status"] == "SUCCEEDED"


@pytest.mark.parametrize("dies", ["with Baton", "alone"])
def test_a_lost_runner_is_a_failed_attempt(own, dies):
    world = World(own.client("batch"), "q")
    job = world.submit(world.define("test $AWS_BATCH_JOB_ATTEMPT = 2 || sleep 1234", retryStrategy={
        "attempts": 3, "evaluateOnExit": [{"onStatusReason": "Host EC2*", "action": "RETRY"}]}))
    world.wait(job, states=("RUNNING",))
    victims = runners(own)
    assert victims
    if dies == "with Baton":
        own.kill()
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    if dies == "with Baton":
        own.start()
    ended = world.end(job)
    assert ended["status"] == "SUCCEEDED" and len(ended["attempts"]) == 2
    assert ended["attempts"][0]["statusReason"].startswith("Host EC2")
    assert "restarted" in ended["attempts"][0]["container"]["reason"]
    assert alive("sleep 1234") == []


def test_a_lost_nursery_is_replaced_and_its_jobs_go_on(own):
    world = World(own.client("batch"), "q")
    job = world.run("sleep 1; exit 4")
    world.wait(job, states=("RUNNING",))
    lines = subprocess.run(["ps", "-eo", "pid,ppid,comm"], capture_output=True, text=True).stdout.splitlines()
    nurseries = [int(line.split()[0]) for line in lines if line.split()[1:] == [str(own.process.pid), "baton-nursery"]]
    assert len(nurseries) == 1
    os.kill(nurseries[0], signal.SIGKILL)
    assert world.end(world.run("exit 5"))["container"]["exitCode"] == 5
    assert world.end(job)["container"]["exitCode"] == 4


def test_a_graceful_stop_leaves_jobs_running(own):
    world = World(own.client("batch"), "q")
    job = world.run("sleep 1; exit 4")
    world.wait(job, states=("RUNNING",))
    assert own.stop() == 0
    own.start()
    assert world.end(job)["container"]["exitCode"] == 4


@pytest.mark.parametrize("code", [0, 3])
def test_an_execution_waits_for_its_job(world, aws, code):
    states, definition = aws("stepfunctions"), world.define(f"exit {code}")
    machine = states.create_state_machine(
        name=f"sync-{code}", roleArn="arn:aws:iam::000000000000:role/any", definition=json.dumps({
            "StartAt": "Job", "States": {"Job": {
                "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": True,
                "Parameters": {"JobName": "sync", "JobQueue": world.name, "JobDefinition": definition}}}}))
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]

    def ended():
        found = states.describe_execution(executionArn=execution)
        return found if found["status"] != "RUNNING" else None

    end = eventually(ended, 30, "the end of the execution")
    detail = json.loads(end["output"] if code == 0 else end["cause"])
    job = world.job(detail["JobId"])
    assert (job["status"], detail["Status"], detail["Container"]["ExitCode"]) == (detail["Status"],) * 2 + (code,)
    assert (end["status"], end.get("error")) == (("SUCCEEDED", None) if code == 0 else ("FAILED", "States.TaskFailed"))
    types = [event["type"] for event in states.get_execution_history(executionArn=execution)["events"]]
    assert types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded" if code == 0 else "TaskFailed"]
