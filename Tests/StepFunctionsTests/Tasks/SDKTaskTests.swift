import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("aws-sdk integrations")
struct SDKTaskTests {
    @Test(
        "names of services and errors are those of the SDK for Java",
        arguments: [
            ("SQS", "Sqs"), ("DynamoDB", "DynamoDb"), ("SFN", "Sfn"), ("S3", "S3"),
            ("Secrets Manager", "SecretsManager"), ("CloudWatch Logs", "CloudWatchLogs"), ("IAM", "Iam"),
            ("EventBridge", "EventBridge"), ("KMSAccessDenied", "KmsAccessDenied"), ("EC2Throttled", "Ec2Throttled"),
        ])
    func names(text: String, name: String) {
        #expect(JavaName.pascal(text) == name)
    }

    @Test(
        "exceptions end in Exception",
        arguments: [
            ("NoSuchBucket", "NoSuchBucketException"), ("QueueDoesNotExist", "QueueDoesNotExistException"),
            ("ResourceNotFoundException", "ResourceNotFoundException"), ("LimitFault", "LimitException"),
        ])
    func exceptions(shape: String, name: String) {
        #expect(JavaName.exception(shape) == name)
    }

    @Test(
        "services are called by their id",
        arguments: [
            ("sqs", "sqs"), ("sfn", "stepfunctions"), ("eventbridge", "events"), ("cloudwatchlogs", "logs"),
            ("dynamodb", "dynamodb"), ("s3", "s3"), ("secretsmanager", "secretsmanager"),
        ])
    func services(name: String, id: String) {
        #expect(SDKServices.id(name) == id)
    }

    @Test(
        "every body of S3's putObject is stored as JSON",
        arguments: [
            ("text data", "2b5df3712557f503a9977a8ea893b2c9"), (["Dict": "Value"], "49e31cee5aec8faf3345893addb14346"),
            (["List", "Data"], "6b23860357f6e63a0272b7f1143a663a"), (false, "68934a3e9455fa72420237eb05902327"),
            (0, "cfcd208495d565ef66e7dff9f98764da"),
        ] as [(JSON, String)])
    func putObject(body: JSON, digest: String) async throws {
        try await TaskHost.withFiles { host in
            let answer = try await host.run("aws-sdk:s3:putObject", ["Bucket": "bucket", "Key": "k", "Body": body])
            let output = try #require(answer.output)
            #expect(output["ETag"] == .string("\"\(digest)\""))
            #expect(
                output.object.map { Set($0.keys) }
                    == ["ChecksumCRC32", "ChecksumType", "ETag", "ServerSideEncryption"])
        }
    }

    @Test("S3's getObject shows the content as text")
    func getObject() async throws {
        try await TaskHost.withFiles { host in
            try await host.host.call(
                "s3", "PutObject", ["Bucket": "bucket", "Key": "k", "Body": .bytes(Array("binary data".utf8))])
            var output = try #require(
                try await host.run("aws-sdk:s3:getObject", ["Bucket": "bucket", "Key": "k"]).output)
            let modified = try #require(output["LastModified"]?.string)
            #expect(modified.hasSuffix("Z"))
            output["LastModified"] = nil
            #expect(
                output == [
                    "AcceptRanges": "bytes", "Body": "binary data", "ContentLength": 11,
                    "ContentType": "binary/octet-stream", "ETag": "\"e1a49b59e0c42e4fd3735ad644f25d57\"",
                    "Metadata": [:], "ServerSideEncryption": "AES256",
                ])
        }
    }

    @Test(
        "failures bear the names of the newer SDK",
        arguments: [
            (
                "dynamodb:putItem", ["TableName": "None", "Item": ["id": ["S": "1"]]],
                "DynamoDb.ResourceNotFoundException | Requested resource not found (Service: DynamoDb, "
                    + "Status Code: 400, Request ID: <id>)"
            ),
            (
                "s3:listObjects", ["Bucket": "someNonexistentBucketName"],
                "S3.NoSuchBucketException | The specified bucket does not exist (Service: S3, Status Code: 404, "
                    + "Request ID: <id>, Extended Request ID: <extended>)"
            ),
            (
                "s3:getObject", ["Bucket": "bucket", "Key": "none"],
                "S3.NoSuchKeyException | The specified key does not exist. (Service: S3, Status Code: 404, "
                    + "Request ID: <id>, Extended Request ID: <extended>)"
            ),
        ] as [(String, JSON, String)])
    func failures(operation: String, parameters: JSON, error: String) async throws {
        try await TaskHost.withFiles { host in
            let stable = try await host.run("aws-sdk:" + operation, parameters).error?.stable
            #expect(stable == error.replacing("Extended Request ID: <extended>", with: "Extended Request ID: <id>"))
        }
    }

    @Test("members of services with small letters begin with a capital on both sides")
    func capitals() async throws {
        let host = try await TaskHost()
        let made = try await host.run("aws-sdk:sqs:createQueue", ["QueueName": "new"])
        #expect(made.output == ["QueueUrl": "http://localhost:4566/000000000000/new"])
        let unknown = Tasks().unfit(try TaskResource("arn:aws:states:::aws-sdk:sqs:createQueue"), ["queueName": "new"])
        #expect(unknown?.contains("The field \"queueName\" is not supported by Step Functions") == true)
    }
}
