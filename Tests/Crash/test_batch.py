"""`kill -9` at random moments of a graph of batch jobs, with and without the runners of its jobs: the end is that of a run
that nobody disturbed, and every job ran as often as its attempts say.

CRASH_JOBS: jobs in the graph, children of arrays counted (default 300). CRASH_KILLS: how often Baton is killed (default
30). CRASH_SEED: another run.
"""

import json
import os
import random
import signal
import threading
import time
from collections import Counter

import pytest
from botocore.exceptions import BotoCoreError, ClientError

import wire
from test_store_days import Disk, namespaces, small  # noqa: F401 (fixtures)

JOBS = int(os.environ.get("CRASH_JOBS", "300"))
KILLS = int(os.environ.get("CRASH_KILLS", "30"))
SEED = os.environ.get("CRASH_SEED", "1")
NEEDS = [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "16"}]
LOST = {"onStatusReason": "Host EC2*", "action": "RETRY"}

# What a job does, how often it is tried, and how it ends: the number of attempts of an undisturbed run.
KINDS = {
    "good": ("sleep 0.0$((AWS_BATCH_JOB_ATTEMPT % 9))", 1, "SUCCEEDED", 1),
    "bad": ("exit 7", 1, "FAILED", 1),
    # The third time that it runs it succeeds; the journal counts, since lost attempts count as attempts.
    "again": ('test $(grep -c "^$AWS_BATCH_JOB_ID " $JOURNAL) -ge 3', 5, "SUCCEEDED", 3),
    "never": ("exit 3", 3, "FAILED", 3),
    "slow": ("sleep 1000", 3, "FAILED", 1),
    "array": ("sleep 0.0$((AWS_BATCH_JOB_ARRAY_INDEX % 5))", 1, "SUCCEEDED", 1),
    "odd": ("test $((AWS_BATCH_JOB_ARRAY_INDEX % 4)) != 3", 1, "FAILED", 1),
}
WEIGHTS = {"good": 12, "bad": 1, "again": 3, "never": 1, "slow": 1, "array": 3, "odd": 1}


def graph(dice, count):
    """Jobs in the order of submission: name → kind, size, what it depends on."""
    jobs, total = {}, 0
    while total < count:
        kind = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        size = dice.randrange(2, 12) if kind in ("array", "odd") else 0
        known = list(jobs)[-40:]
        parents = {name: None for name in dice.sample(known, min(len(known), dice.choice([0, 0, 1, 1, 2, 4])))}
        twins = [name for name in known if size and jobs[name]["size"] == size]
        if twins and dice.random() < 0.7:
            parents[dice.choice(twins)] = "N_TO_N"
        jobs[f"job-{len(jobs)}"] = {"kind": kind, "size": size, "parents": parents}
        total += max(1, size)
    return jobs


def expected(jobs):
    """name → how each of its runs ends: (status, attempts) of the job, or of its children."""
    ends = {}
    for name, job in jobs.items():
        _, _, status, attempts = KINDS[job["kind"]]
        whole = [parent for parent, type in job["parents"].items() if type is None]
        failed = any("FAILED" in (end[0] for end in ends[parent]) for parent in whole)
        ends[name] = []
        for index in range(max(1, job["size"])):
            twins = [ends[parent][index][0] for parent, type in job["parents"].items() if type]
            if failed or "FAILED" in twins:
                ends[name].append(("FAILED", 0))
            elif job["kind"] == "odd":
                ends[name].append(("FAILED" if index % 4 == 3 else "SUCCEEDED", 1))
            else:
                ends[name].append((status, attempts))
    return ends


class Run:
    """The graph on one Baton, which may die at any time."""

    def __init__(self, server, folder, jobs):
        self.server, self.folder, self.jobs, self.ids = server, folder, jobs, {}
        self.connect()

    def connect(self):
        self.batch = self.server.client("batch")

    def prepare(self):
        self.batch.create_compute_environment(computeEnvironmentName="ce", type="UNMANAGED")
        self.batch.create_job_queue(
            jobQueueName="q", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "ce"}])
        for kind, (script, attempts, _, _) in KINDS.items():
            # Attempts that were lost must not use up those that the job needs.
            rules = [LOST] + ([{"onExitCode": "*", "action": "EXIT"}] if attempts == 1 else [])
            self.batch.register_job_definition(
                jobDefinitionName=kind, type="container", retryStrategy={"attempts": 10 if attempts == 1 or kind == "again" else attempts, "evaluateOnExit": rules},
                timeout={"attemptDurationSeconds": 1 if kind == "slow" else 3600}, containerProperties={
                    "image": "host", "resourceRequirements": NEEDS,
                    "environment": [{"name": "JOURNAL", "value": str(self.folder / "journal")}],
                    "command": ["sh", "-c", 'echo "$AWS_BATCH_JOB_ID $AWS_BATCH_JOB_ATTEMPT" >> $JOURNAL; ' + script]})

    def submit_some(self):
        """Submits until all are there or Baton has gone. What was not answered is looked for by its name."""
        try:
            for name, job in self.jobs.items():
                if name in self.ids:
                    continue
                if getattr(self, "unsure", None) == name:
                    found = self.batch.list_jobs(jobQueue="q", filters=[{"name": "JOB_NAME", "values": [name]}])
                    if found["jobSummaryList"]:
                        self.ids[name] = found["jobSummaryList"][0]["jobId"]
                        continue
                self.unsure = name
                depends = [{"jobId": self.ids[parent], **({"type": type} if type else {})}
                           for parent, type in job["parents"].items()]
                more = {"arrayProperties": {"size": job["size"]}} if job["size"] else {}
                self.ids[name] = self.batch.submit_job(
                    jobName=name, jobQueue="q", jobDefinition=job["kind"], dependsOn=depends, **more)["jobId"]
        except ClientError:
            raise
        except BotoCoreError:
            pass

    def units(self, name):
        size = self.jobs[name]["size"]
        return [f"{self.ids[name]}:{index}" for index in range(size)] if size else [self.ids[name]]

    def describe(self, ids):
        found = []
        for start in range(0, len(ids), 100):
            found += self.batch.describe_jobs(jobs=ids[start:start + 100])["jobs"]
        return {job["jobId"]: job for job in found}

    def is_over(self):
        found = self.describe(list(self.ids.values()))
        assert len(found) == len(self.ids), "a job is gone"
        return len(self.ids) == len(self.jobs) and all(job["status"] in ("SUCCEEDED", "FAILED") for job in found.values())

    def journal(self):
        path = self.folder / "journal"
        return Counter(tuple(line.split()) for line in path.read_text().splitlines()) if path.exists() else Counter()


@pytest.fixture
def server(folder):
    settings = folder / "batch.json"
    settings.write_text(json.dumps({"capacity": {"vcpus": 4, "memory": 4096}, "shortestTimeout": 1}))
    server = wire.Server(folder, environment={"BATON_BATCH_CONFIG": str(settings)})
    yield server
    server.stop()


def runner_ids(folder):
    for file in (folder / "data/batch/jobs").glob("*/*/runner"):
        try:
            yield int(file.read_text().split()[0])
        except (OSError, IndexError, ValueError):
            pass


def kill_runners(folder, dice):
    for pid in list(runner_ids(folder)):
        if pid > 0 and dice.random() < 0.5:
            try:
                if b"job-nursery" in open(f"/proc/{pid}/cmdline", "rb").read():
                    os.kill(pid, signal.SIGKILL)
            except OSError:
                pass


@pytest.mark.parametrize("also", ["Baton alone", "runners too"])
def test_a_graph_ends_as_if_nobody_had_been_killed(server, folder, also):
    dice = random.Random(f"{SEED}/{also}")
    jobs = graph(dice, JOBS)
    run = Run(server, folder, jobs)
    run.prepare()
    for _ in range(KILLS):
        submitting = threading.Thread(target=run.submit_some)
        submitting.start()
        time.sleep(dice.random() * 0.6)
        server.kill()
        submitting.join(60)
        if also == "runners too":
            kill_runners(folder, dice)
        server.start()
        run.connect()
    run.submit_some()
    wire.eventually(run.is_over, 240, "the end of the graph")
    ends, journal = expected(jobs), run.journal()
    for name in jobs:
        found = run.describe(run.units(name))
        for unit, (status, attempts) in zip(run.units(name), ends[name]):
            job = found[unit]
            where = f"{name} ({jobs[name]['kind']}) {unit}"
            assert job["status"] == status or (also == "runners too" and jobs[name]["kind"] == "never"), (where, job)
            lost = [one for one in job["attempts"] if one.get("statusReason", "").startswith("Host EC2")]
            ran = {number: journal[(unit, str(number))] for number in range(1, len(job["attempts"]) + 1)}
            assert all(count <= 1 for count in ran.values()), f"{where}: an attempt ran twice"
            assert sum(count for key, count in journal.items() if key[0] == unit) == sum(ran.values()), where
            if also == "Baton alone":
                assert len(job["attempts"]) == attempts and sum(ran.values()) == attempts, (where, job["attempts"])
            else:
                assert sum(ran.values()) >= len(job["attempts"]) - len(lost), (where, job["attempts"])


def test_jobs_that_end_on_a_full_disk_have_ended_well_when_there_is_room(small):
    """What ran while the disk was full goes on, and its end is written down as soon as that is possible."""
    disk, batch = Disk(small), small.client("batch")
    batch.create_compute_environment(computeEnvironmentName="ce", type="UNMANAGED")
    batch.create_job_queue(jobQueueName="q", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "ce"}])
    batch.register_job_definition(jobDefinitionName="job", type="container", containerProperties={
        "image": "host", "resourceRequirements": NEEDS, "command": ["sh", "-c", "sleep 1.5; yes | head -c 100000; exit 6"]})
    ids = [batch.submit_job(jobName="job", jobQueue="q", jobDefinition="job")["jobId"] for _ in range(4)]

    def states():
        return {job["status"] for job in batch.describe_jobs(jobs=ids)["jobs"]}

    wire.eventually(lambda: states() == {"RUNNING"})
    disk.fill()
    time.sleep(3)
    assert states() <= {"RUNNING", "FAILED"}
    disk.free()
    wire.eventually(lambda: states() == {"FAILED"}, 60)
    for job in batch.describe_jobs(jobs=ids)["jobs"]:
        assert job["container"]["exitCode"] == 6 and len(job["attempts"]) == 1, job


def test_a_folder_that_was_copied_from_another_machine_trusts_no_process_ids(server, folder):
    """Process ids of another boot mean nobody here: the attempt is lost, and nobody is killed for it."""
    batch = server.client("batch")
    batch.create_compute_environment(computeEnvironmentName="ce", type="UNMANAGED")
    batch.create_job_queue(jobQueueName="q", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "ce"}])
    batch.register_job_definition(
        jobDefinitionName="job", type="container", containerProperties={
            "image": "host", "resourceRequirements": NEEDS, "command": ["sleep", "1000"]})
    job = batch.submit_job(jobName="job", jobQueue="q", jobDefinition="job")["jobId"]

    def state():
        return batch.describe_jobs(jobs=[job])["jobs"][0]

    wire.eventually(lambda: state()["status"] == "RUNNING")
    server.kill()
    runners = list(runner_ids(folder))
    for pid in runners:
        os.kill(pid, signal.SIGKILL)
    for file in (folder / "data/batch/jobs").glob("*/*/runner"):
        file.write_text(f"{os.getpid()} 1 another-boot\n")
    server.start()
    batch = server.client("batch")
    wire.eventually(lambda: state()["status"] == "FAILED")
    assert state()["statusReason"].startswith("Host EC2")
