import AWSModel
import AWSWire
import BatonHTTP
import Testing

@testable import struct BatonHTTP.HostName
@testable import struct BatonHTTP.ServiceFacts

@Suite struct Routing {
    private static func signed(_ service: String, _ region: String = "eu-west-1") -> [String: String] {
        ["Authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/\(region)/\(service)/aws4_request, Signature=0"]
    }
    private static let form = ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"]

    @Test(
        arguments: [
            // The target, also against the signature.
            ("POST", "/", ["X-Amz-Target": "AmazonSQS.SendMessage"], "", "sqs", nil, nil),
            ("POST", "/", ["X-Amz-Target": "DynamoDBStreams_20120810.GetRecords"], "", "dynamodbstreams", nil, nil),
            (
                "POST", "/", signed("dynamodb").merging(["X-Amz-Target": "DynamoDBStreams_20120810.GetRecords"]) { $1 },
                "", "dynamodbstreams", "eu-west-1", nil
            ),
            // The signature.
            ("POST", "/", signed("dynamodb"), "", "dynamodb", "eu-west-1", nil),
            ("POST", "/", signed("states"), "", "stepfunctions", "eu-west-1", nil),
            ("POST", "/", signed("monitoring"), "", "cloudwatch", "eu-west-1", nil),
            ("GET", "/restapis", signed("apigateway"), "", "apigateway", "eu-west-1", nil),
            ("GET", "/v2/apis", signed("apigateway"), "", "apigatewayv2", "eu-west-1", nil),
            ("POST", "/", signed("quantum"), "", "quantum", "eu-west-1", nil),
            ("GET", "/2015-03-31/functions", signed("s3"), "", "s3", "eu-west-1", nil),
            (
                "GET", "/b/k?X-Amz-Credential=k%2F20260101%2Fus-west-2%2Fs3%2Faws4_request", [:], "", "s3", "us-west-2",
                nil
            ),
            (
                "GET", "/k", signed("s3").merging(["Host": "my.bucket.localhost:4566"]) { $1 }, "", "s3", "eu-west-1",
                "my.bucket"
            ),
            ("GET", "/k", signed("s3").merging(["Host": "sqs.localhost:4566"]) { $1 }, "", "s3", "eu-west-1", "sqs"),
            ("GET", "/k", signed("s3").merging(["Host": "b.baton.test"]) { $1 }, "", "s3", "eu-west-1", "b"),
            // The host name.
            ("GET", "/", ["Host": "sqs.us-east-2.amazonaws.com"], "", "sqs", "us-east-2", nil),
            ("GET", "/k", ["Host": "b.s3.localhost:4566"], "", "s3", nil, "b"),
            ("GET", "/k", ["Host": "b.localhost"], "", "s3", nil, "b"),
            ("GET", "/b/k", ["Host": "127.0.0.1:4566"], "", "s3", nil, nil),
            // The path.
            ("GET", "/2015-03-31/functions", [:], "", "lambda", nil, nil),
            ("GET", "/2015-03-3x/functions", [:], "", "s3", nil, nil),
            ("GET", "/2015-03-31-b/functions", [:], "", "s3", nil, nil),
            // The query protocol.
            ("POST", "/", form, "Action=Publish&Version=2010-03-31", "sns", nil, nil),
            ("POST", "/", form, "A=b&Version=2011-06-15&Action=GetCallerIdentity", "sts", nil, nil),
            ("POST", "/000000000000/q", form, "Action=SendMessage&MessageBody=x", "sqs", nil, nil),
            ("GET", "/000000000000/q?Action=ReceiveMessage&Version=2012-11-05", [:], "", "sqs", nil, nil),
            ("GET", "/?Action=Unsubscribe&SubscriptionArn=x", [:], "", "sns", nil, nil),
            ("POST", "/", [:], "Action=Publish&Version=2010-03-31", "s3", nil, nil),
            ("POST", "/", form, "Action=Publish&Version=1999-01-01", "s3", nil, nil),
            ("POST", "/", form, "Fraction=1", "s3", nil, nil),
            // Everything else.
            ("GET", "/bucket/key", [:], "", "s3", nil, nil),
            ("POST", "/", ["Authorization": "Bearer x"], "", "s3", nil, nil),
        ] as [(String, String, [String: String], String, String, String?, String?)])
    func theServiceOfARequest(
        _ method: String, _ target: String, _ fields: [String: String], _ body: String, _ service: String,
        _ region: String?, _ bucket: String?
    ) {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let request = HTTPRequest(
            method: method, path: parts[0], query: parts.count > 1 ? parts[1] : "",
            headers: HTTPHeaders(fields.map { (name: $0.key, value: $0.value) }), body: .bytes(Array(body.utf8)))
        let address = ServiceRouter(domains: ["Baton.test"]).address(request, scope: CredentialScope.parse(request))
        #expect(address == .init(service: service, region: region, bucket: bucket))
    }

    @Test(
        arguments: [
            ("sqs.us-east-1.amazonaws.com", "sqs", "us-east-1", nil),
            ("queue.amazonaws.com", "sqs", nil, nil),
            ("us-west-2.queue.amazonaws.com", "sqs", "us-west-2", nil),
            ("iam.amazonaws.com", "iam", nil, nil),
            ("123456789012.ddb.us-east-1.amazonaws.com", "dynamodb", "us-east-1", nil),
            ("sqs.us-east-1.localhost.localstack.cloud:4566", "sqs", "us-east-1", nil),
            ("s3.localhost.localstack.cloud", "s3", nil, nil),
            ("b.s3.us-east-1.localhost.localstack.cloud", "s3", "us-east-1", "b"),
            ("a.b.s3-us-west-2.amazonaws.com", "s3", "us-west-2", "a.b"),
            ("b.s3.dualstack.eu-west-1.amazonaws.com", "s3", "eu-west-1", "b"),
            ("B.S3.CN-NORTH-1.AMAZONAWS.COM.CN", "s3", "cn-north-1", "b"),
            ("sqs.localhost", "sqs", nil, nil),
            ("a.b.localhost", "s3", nil, "a.b"),
            ("elsewhere.amazonaws.com", nil, nil, nil),
        ] as [(String, String?, String?, String?)])
    func hostNames(_ host: String, _ service: String?, _ region: String?, _ bucket: String?) throws {
        let name = try #require(HostName(host))
        #expect(name.service == service)
        #expect(name.region == region)
        #expect(name.bucket == bucket)
    }

    @Test(arguments: ["localhost", "localhost:4566", "127.0.0.1:4566", "[::1]:4566", "example.com", "", "baton"])
    func otherHostNamesSayNothing(_ host: String) { #expect(HostName(host) == nil) }

    @Test(arguments: ServiceModel.all)
    func theTableAgreesWithTheModels(_ id: String) throws {
        let model = try #require(ServiceModel.named(id))
        let facts = try #require(ServiceFacts.all.first { $0.id == id })
        #expect(facts.signingName == model.signingName)
        #expect(facts.hostLabels.contains(model.endpointPrefix))
        #expect((facts.targetPrefix ?? "") == model.targetPrefix)
        #expect(facts.queryVersion == (model.protocols.contains(.query) ? model.apiVersion : nil))
    }
}
