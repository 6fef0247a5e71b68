"""Batch from templates: CloudFormation and, where a provider is on this machine, Terraform."""

import json
import shutil
import subprocess

import pytest

from conftest import eventually
from test_terraform import MIRROR

TEMPLATE = {
    "Parameters": {"Vcpus": {"Type": "Number", "Default": "1"}, "Text": {"Type": "String", "Default": "one"}},
    "Resources": {
        "Environment": {"Type": "AWS::Batch::ComputeEnvironment", "Properties": {
            "Type": "MANAGED", "State": "ENABLED", "Tags": {"a": "b"}, "ComputeResources": {
                "Type": "FARGATE", "MaxvCpus": {"Ref": "Vcpus"}, "Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}},
        "Policy": {"Type": "AWS::Batch::SchedulingPolicy", "Properties": {
            "FairsharePolicy": {"ShareDecaySeconds": "60", "ShareDistribution": [{"ShareIdentifier": "A*", "WeightFactor": 0.5}]}}},
        "Queue": {"Type": "AWS::Batch::JobQueue", "Properties": {
            "Priority": "5", "ComputeEnvironmentOrder": [{"Order": 1, "ComputeEnvironment": {"Ref": "Environment"}}]}},
        "Licence": {"Type": "AWS::Batch::ConsumableResource", "Properties": {
            "TotalQuantity": 2, "ResourceType": "REPLENISHABLE"}},
        "Definition": {"Type": "AWS::Batch::JobDefinition", "Properties": {
            "Type": "container", "Parameters": {"Text": "none"}, "RetryStrategy": {"Attempts": "2"},
            "Timeout": {"AttemptDurationSeconds": 60}, "PropagateTags": "true",
            "ContainerProperties": {
                "Image": "host", "Command": ["echo", "Ref::Text", {"Ref": "Text"}],
                "Environment": [{"Name": "A", "Value": 1}],
                "ResourceRequirements": [{"Type": "VCPU", "Value": 0.25}, {"Type": "MEMORY", "Value": "64"}]}}},
    },
    "Outputs": {
        "Queue": {"Value": {"Ref": "Queue"}}, "Definition": {"Value": {"Ref": "Definition"}},
        "Environment": {"Value": {"Fn::GetAtt": ["Environment", "ComputeEnvironmentArn"]}},
        "Policy": {"Value": {"Fn::GetAtt": ["Policy", "Arn"]}}, "Licence": {"Value": {"Ref": "Licence"}},
    },
}


def test_a_stack(aws):
    stacks, batch = aws("cloudformation"), aws("batch")
    stacks.create_stack(StackName="batch", TemplateBody=json.dumps(TEMPLATE))
    stacks.get_waiter("stack_create_complete").wait(StackName="batch", WaiterConfig={"Delay": 1})

    def outputs():
        return {one["OutputKey"]: one["OutputValue"] for one in stacks.describe_stacks(StackName="batch")["Stacks"][0]["Outputs"]}

    made = outputs()
    queue = batch.describe_job_queues(jobQueues=[made["Queue"]])["jobQueues"][0]
    assert (queue["priority"], queue["computeEnvironmentOrder"][0]["computeEnvironment"]) == (5, made["Environment"])
    job = batch.submit_job(
        jobName="job", jobQueue=made["Queue"], jobDefinition=made["Definition"], parameters={"Text": "two"})["jobId"]
    done = eventually(lambda: next(
        (one for one in batch.describe_jobs(jobs=[job])["jobs"] if one["status"] == "SUCCEEDED"), None))
    assert done["retryStrategy"]["attempts"] == 2 and done["propagateTags"] is True
    stacks.update_stack(StackName="batch", TemplateBody=json.dumps(TEMPLATE), Parameters=[
        {"ParameterKey": "Text", "ParameterValue": "three"}, {"ParameterKey": "Vcpus", "ParameterValue": "2"}])
    stacks.get_waiter("stack_update_complete").wait(StackName="batch", WaiterConfig={"Delay": 1})
    changed = outputs()
    assert made["Definition"].endswith(":1") and changed["Definition"].endswith(":2")
    resources = batch.describe_compute_environments(computeEnvironments=[changed["Environment"]])["computeEnvironments"][0]
    assert resources["computeResources"]["maxvCpus"] == 2
    stacks.delete_stack(StackName="batch")
    stacks.get_waiter("stack_delete_complete").wait(StackName="batch", WaiterConfig={"Delay": 1})
    assert batch.describe_job_queues(jobQueues=[made["Queue"]])["jobQueues"] == []


TERRAFORM = """
variable "endpoint" {}
provider "aws" {
  access_key = "test"
  secret_key = "test"
  region = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check = true
  skip_requesting_account_id = true
  endpoints { batch = var.endpoint }
}
resource "aws_batch_compute_environment" "this" {
  NAME = "terraform"
  type = "MANAGED"
  service_role = "arn:aws:iam::000000000000:role/batch"
  compute_resources {
    type = "FARGATE"
    max_vcpus = 2
    subnets = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
resource "aws_batch_scheduling_policy" "this" {
  name = "terraform"
  fair_share_policy {
    compute_reservation = 1
    share_decay_seconds = 3600
    share_distribution {
      share_identifier = "A*"
      weight_factor = 0.1
    }
  }
}
resource "aws_batch_job_queue" "this" {
  name = "terraform"
  state = "ENABLED"
  priority = 1
  scheduling_policy_arn = aws_batch_scheduling_policy.this.arn
  compute_environment_order {
    order = 1
    compute_environment = aws_batch_compute_environment.this.arn
  }
}
resource "aws_batch_job_definition" "this" {
  name = "terraform"
  type = "container"
  platform_capabilities = ["FARGATE"]
  container_properties = jsonencode({
    image = "host"
    command = ["echo", "hello"]
    executionRoleArn = "arn:aws:iam::000000000000:role/x"
    resourceRequirements = [{ type = "VCPU", value = "0.25" }, { type = "MEMORY", value = "512" }]
  })
  retry_strategy { attempts = 2 }
  timeout { attempt_duration_seconds = 60 }
  tags = { a = "b" }
}
"""


@pytest.mark.skipif(not shutil.which("terraform"), reason="no terraform on this machine")
@pytest.mark.skipif(not MIRROR, reason="no mirror of the AWS provider on this machine (TF_PLUGIN_MIRROR)")
def test_terraform(baton, environment, tmp_path):
    # The provider has renamed it in its version 6.
    names = [path.name for path in (MIRROR / "registry.terraform.io/hashicorp/aws").rglob("*") if "aws_" in path.name or path.name[:1].isdigit()]
    old = any(name.startswith("5.") or "aws_5." in name or "aws_v5." in name for name in names)
    (tmp_path / "main.tf").write_text(TERRAFORM.replace("NAME", "compute_environment_name" if old else "name"))
    (tmp_path / "terraformrc").write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n')

    def terraform(*words):
        result = subprocess.run(
            ["terraform", *words], cwd=tmp_path, capture_output=True, text=True, timeout=300,
            env={**environment, "TF_VAR_endpoint": baton.endpoint, "TF_CLI_CONFIG_FILE": str(tmp_path / "terraformrc")})
        assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]

    terraform("init", "-no-color")
    terraform("apply", "-auto-approve", "-no-color")
    terraform("plan", "-detailed-exitcode", "-no-color")
    terraform("destroy", "-auto-approve", "-no-color")
