"""Batch on a real Slurm of one node: Debian's packages, started by the test. Needs root; SLURM_TESTS=0 leaves it out."""

import os
import shutil
import socket
import subprocess
import time

import pytest

from conftest import Server, eventually
from test_batch import World, output

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "munged")
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}
SlurmctldPort={port}
SlurmdPort={other}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MailProg=/bin/true
ReturnToService=2
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=500 State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def installed():
    return all(shutil.which(program) for program in PROGRAMS)


def install():
    for words in (["update"], ["install", "-y", "--no-install-recommends", "slurmctld", "slurmd", "slurm-client", "munge"]):
        subprocess.run(
            ["apt-get", *words], capture_output=True, timeout=600, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    return installed()


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    if os.environ.get("SLURM_TESTS") == "0":
        pytest.skip("SLURM_TESTS=0")
    if os.geteuid() != 0:
        pytest.skip("a Slurm of its own needs root")
    if not installed() and not (shutil.which("apt-get") and install()):
        pytest.skip("Slurm is not installed here, and its packages cannot be had")
    # A short path: sockets have little room.
    folder = tmp_path_factory.mktemp("s")
    for name in ("state", "spool"):
        (folder / name).mkdir()
    host = socket.gethostname().split(".")[0]
    port, other = free_ports(2)
    configuration = folder / "slurm.conf"
    configuration.write_text(CONFIGURATION.format(
        host=host, port=port, other=other, folder=folder, cpus=os.cpu_count()))
    key = folder / "key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    environment = {**os.environ, "SLURM_CONF": str(configuration)}
    # The path of the socket may be too long for its address.
    daemons = [
        ["munged", "--foreground", "--force", f"--socket={folder}/munge.sock", f"--key-file={key}",
         f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munged.seed"],
        ["slurmctld", "-D", "-f", str(configuration)], ["slurmd", "-D", "-f", str(configuration), "-N", host],
    ]
    running = []
    try:
        for words in daemons:
            running.append(subprocess.Popen(
                words, env=environment, stdout=subprocess.DEVNULL, stderr=open(folder / "daemons.log", "ab")))
            time.sleep(1)

        def is_up():
            answer = subprocess.run(["sinfo", "-h", "-o", "%T"], env=environment, capture_output=True, text=True)
            return answer.stdout.strip() in ("idle", "mixed", "allocated")

        try:
            eventually(is_up, 60, "a node that is up")
        except AssertionError:
            logs = "".join((folder / f"{name}.log").read_text()[-1500:] for name in ("daemons", "slurmctld", "slurmd")
                           if (folder / f"{name}.log").exists())
            pytest.skip(f"Slurm does not start on this machine: {logs}")
        yield environment
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(20)


@pytest.fixture
def server(cluster, tmp_path):
    server = Server(tmp_path, environment={"SLURM_CONF": cluster["SLURM_CONF"]})
    batch = server.client("batch")
    batch.create_compute_environment(
        computeEnvironmentName="cluster", type="UNMANAGED", tags={"baton:engine": "slurm", "baton:partition": "debug"})
    yield server
    server.stop()


class Cluster(World):
    """A queue on the environment whose jobs go to Slurm."""

    def __init__(self, client, name="q"):
        self.batch, self.name, self.count = client, name, 0
        client.create_job_queue(
            jobQueueName=name, priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "cluster"}])


def squeue(cluster):
    return subprocess.run(["squeue", "-h", "-o", "%j %T"], env=cluster, capture_output=True, text=True).stdout


def test_jobs_arrays_and_dependencies(cluster, server):
    world = Cluster(server.client("batch"))
    first = world.run("sleep 2; echo from $SLURM_JOB_ID; echo \"it's $AWS_BATCH_JOB_ID\"")
    array = world.run("test $AWS_BATCH_JOB_ARRAY_INDEX != 1 || exit 9", arrayProperties={"size": 3}, dependsOn=[{"jobId": first}])
    last = world.run("true", dependsOn=[{"jobId": array}])
    eventually(lambda: "baton-" in squeue(cluster), what="a job in Slurm's queue")
    job = world.end(first)
    assert job["status"] == "SUCCEEDED"
    lines = output(server.client("logs"), job)
    assert lines[0].startswith("from ") and lines[0] != "from " and lines[1] == f"it's {first}"
    assert world.end(array)["status"] == "FAILED"
    assert world.job(f"{array}:1")["container"]["exitCode"] == 9
    assert world.end(last)["statusReason"] == "Dependent Job failed"


def test_children_become_an_array_of_slurms(cluster, server):
    world = Cluster(server.client("batch"))
    array = world.run("echo $SLURM_ARRAY_JOB_ID $SLURM_ARRAY_TASK_ID", arrayProperties={"size": 3})
    assert world.end(array)["status"] == "SUCCEEDED"
    lines = [output(server.client("logs"), world.job(f"{array}:{index}"))[0].split() for index in range(3)]
    assert len({line[0] for line in lines}) == 1 and sorted(line[1] for line in lines) == ["0", "1", "2"]


def test_terminate(cluster, server):
    world = Cluster(server.client("batch"))
    job = world.run("sleep 1000")
    world.wait(job, states=("RUNNING",))
    world.batch.terminate_job(jobId=job, reason="enough")
    assert world.end(job)["statusReason"] == "enough"
    eventually(lambda: "RUNNING" not in squeue(cluster), 30)


@pytest.mark.parametrize("away", [0, 4])
def test_a_restart_of_baton_finds_its_jobs_again(cluster, server, away):
    world = Cluster(server.client("batch"))
    job = world.run("sleep 3; exit 5")
    world.wait(job, states=("STARTING", "RUNNING"))
    server.kill()
    time.sleep(away)
    server.start()
    ended = world.end(job)
    assert ended["container"]["exitCode"] == 5 and len(ended["attempts"]) == 1
