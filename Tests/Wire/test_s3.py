"""S3 as boto3 sees it."""

import io
import uuid

import botocore.exceptions
import pytest


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3):
    name = f"b-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    yield name
    for item in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=item["Key"])
    s3.delete_bucket(Bucket=name)


def test_an_object_comes_back_with_its_headers(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a/ü b.txt", Body=b"hello", ContentType="text/plain", Metadata={"who": "me"})
    got = s3.get_object(Bucket=bucket, Key="a/ü b.txt")
    assert got["Body"].read() == b"hello"
    assert (got["ContentType"], got["Metadata"], got["ContentLength"]) == ("text/plain", {"who": "me"}, 5)
    assert got["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    assert s3.head_object(Bucket=bucket, Key="a/ü b.txt")["ContentLength"] == 5


def test_a_range_is_partial(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")
    assert (got["ResponseMetadata"]["HTTPStatusCode"], got["ContentRange"], got["Body"].read()) == (206, "bytes 2-4/10", b"234")


def test_large_files_go_up_in_parts_and_come_back(s3, bucket):
    content = bytes(range(256)) * 80_000
    s3.upload_fileobj(io.BytesIO(content), bucket, "large")
    target = io.BytesIO()
    s3.download_fileobj(bucket, "large", target)
    assert target.getvalue() == content
    assert s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-3"')


def test_a_list_folds_and_pages(s3, bucket):
    for key in ["a", "b/1", "b/2", "c"]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1})
    keys, prefixes = [], []
    for page in pages:
        keys += [item["Key"] for item in page.get("Contents", [])]
        prefixes += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
    assert (keys, prefixes) == (["a", "c"], ["b/"])


def test_host_style_addresses_work(baton, s3, bucket):
    import http.client

    s3.put_object(Bucket=bucket, Key="k", Body=b"by path")
    connection = http.client.HTTPConnection("127.0.0.1", baton.port)
    for host in [f"{bucket}.s3.localhost:{baton.port}", f"{bucket}.localhost:{baton.port}", f"{bucket}.s3.us-east-1.amazonaws.com"]:
        connection.request("GET", "/k", headers={"Host": host})
        assert connection.getresponse().read() == b"by path"


def test_a_copy_and_a_delete_of_many(s3, bucket):
    s3.put_object(Bucket=bucket, Key="one", Body=b"x", Metadata={"m": "1"})
    s3.copy_object(Bucket=bucket, Key="two", CopySource={"Bucket": bucket, "Key": "one"})
    assert s3.get_object(Bucket=bucket, Key="two")["Metadata"] == {"m": "1"}
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "one"}, {"Key": "two"}, {"Key": "absent"}]})
    assert sorted(entry["Key"] for entry in answer["Deleted"]) == ["absent", "one", "two"]


def test_a_presigned_url_reads_and_writes(s3, bucket):
    import urllib.request

    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "p"})
    urllib.request.urlopen(urllib.request.Request(put, data=b"signed", method="PUT")).read()
    get = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "p"})
    assert urllib.request.urlopen(get).read() == b"signed"


@pytest.mark.parametrize("key", ["../../../etc/passwd", "..", "a/../b", "a//b", "/a"])
def test_a_key_is_never_a_path(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"x"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]


@pytest.mark.parametrize(
    "call, code, status",
    [
        (lambda s3, bucket: s3.get_object(Bucket=bucket, Key="absent"), "NoSuchKey", 404),
        (lambda s3, bucket: s3.get_object(Bucket="absent-" + bucket, Key="k"), "NoSuchBucket", 404),
        (lambda s3, bucket: s3.head_object(Bucket=bucket, Key="absent"), "404", 404),
        (lambda s3, bucket: s3.get_bucket_policy(Bucket=bucket), "NoSuchBucketPolicy", 404),
    ],
)
def test_errors_are_those_of_aws(s3, bucket, call, code, status):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(s3, bucket)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_versions_are_listed_read_and_removed(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"one")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="k", Body=b"two")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"]
    with pytest.raises(botocore.exceptions.ClientError) as error:
        s3.head_object(Bucket=bucket, Key="k")
    assert error.value.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=first)["Body"].read() == b"one"
    listed = s3.list_object_versions(Bucket=bucket)
    assert [(item["VersionId"], item["IsLatest"]) for item in listed["Versions"]] == [(second, False), (first, False)]
    assert [item["VersionId"] for item in listed["DeleteMarkers"]] == [marker["VersionId"]]
    versions = [{"Key": "k", "VersionId": version} for version in [first, second, marker["VersionId"]]]
    assert len(s3.delete_objects(Bucket=bucket, Delete={"Objects": versions})["Deleted"]) == 3
    assert "Versions" not in s3.list_object_versions(Bucket=bucket)
