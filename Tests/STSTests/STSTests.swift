import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import IAM
import JSON
import STS
import Testing

@Suite("Access key ids")
struct AccessKeyIdTests {
    @Test("carry their account", arguments: ["000000000000", "123456789012", "999999999999"])
    func roundTrip(account: String) {
        let id = AccessKeyId.make(prefix: "ASIA", account: account, random: [0xFF, 1, 2, 3, 0xFF])
        #expect(id.count == 20 && AccessKeyId.account(of: id) == account && AccessKeyId.anyAccount(of: id) == account)
    }

    @Test(
        "of others do not",
        arguments: [("123456789012", "123456789012"), ("test", nil), ("AKIAIOSFODNN7EXAMPLE", nil), ("", nil)]
            as [(String, String?)])
    func others(id: String, account: String?) { #expect(AccessKeyId.account(of: id) == account) }
}

@Suite("Security tokens")
struct STSTests {
    let host: TestHost

    init() async throws { host = try await TestHost([IAM(), STS()]) }

    /// A call as it comes from a client that signs with this key.
    func call(_ operation: String, _ input: JSON = [:], key: String = "test") async throws(AWSError) -> JSON {
        let request = HTTPRequest(
            method: "POST", path: "/",
            headers: [
                "Authorization": "AWS4-HMAC-SHA256 Credential=\(key)/20260101/us-east-1/sts/aws4_request, Signature=0"
            ])
        let context = Context(
            host: host.host, account: AccessKeyId.account(of: key) ?? "000000000000", region: "us-east-1",
            requestId: "r", request: request)
        return try await host.host.registry.dispatch("sts", operation, input, context)
    }

    @Test("say who asks: the account", arguments: [("test", "000000000000"), ("123456789012", "123456789012")])
    func root(key: String, account: String) async throws {
        #expect(
            try await call("GetCallerIdentity", key: key)
                == [
                    "userId": .string(account), "account": .string(account),
                    "arn": .string("arn:aws:iam::\(account):root"),
                ])
    }

    @Test("say who asks: a user")
    func user() async throws {
        let user = try await host.call("iam", "CreateUser", ["UserName": "u"])["User"]
        let key = try await host.call("iam", "CreateAccessKey", ["UserName": "u"])["AccessKey"]?["AccessKeyId"]?.string
        let identity = try await call("GetCallerIdentity", key: try #require(key))
        #expect(identity["arn"] == "arn:aws:iam::000000000000:user/u" && identity["userId"] == user?["UserId"])
    }

    @Test("say who asks: a role of another account, until the session ends")
    func session() async throws {
        let there = host.context(account: "123456789012")
        let role = try await there.call(
            "iam", "CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": #"{"Statement":[]}"#])["Role"]
        let id = role?["RoleId"]?.string ?? ""
        let answer = try await call(
            "AssumeRole",
            ["RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "me", "DurationSeconds": 900])
        let credentials = answer["credentials"]
        #expect(
            answer["assumedRoleUser"]
                == ["AssumedRoleId": .string("\(id):me"), "Arn": "arn:aws:sts::123456789012:assumed-role/r/me"])
        #expect(credentials?["Expiration"]?.int == Int(host.clock.nowMs / 1000) + 900)
        #expect(credentials?["SecretAccessKey"]?.string?.count == 40)
        let key = try #require(credentials?["AccessKeyId"]?.string)
        #expect(key.hasPrefix("ASIA"))
        #expect(
            try await call("GetCallerIdentity", key: key) == [
                "userId": .string("\(id):me"), "account": "123456789012",
                "arn": "arn:aws:sts::123456789012:assumed-role/r/me",
            ])
        #expect(try await call("GetAccessKeyInfo", ["AccessKeyId": .string(key)])["account"] == "123456789012")
        await host.advance(byMs: 900_000)
        await #expect(
            throws: AWSError("ExpiredToken", "The security token included in the request is expired", status: 403)
        ) {
            try await call("GetCallerIdentity", key: key)
        }
    }

    @Test(
        "refuse",
        arguments: [
            (
                "arn:aws:iam::000000000000:user/long-enough", 3600,
                "arn:aws:iam::000000000000:user/long-enough is invalid"
            ),
            ("no arn, but long enough", 3600, "no arn, but long enough is invalid"),
            (
                "arn:aws:iam::000000000000:role/r", 7200,
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            ),
        ])
    func refused(arn: String, seconds: Int, message: String) async throws {
        try await host.call("iam", "CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": #"{"Statement":[]}"#])
        await #expect(throws: AWSError("ValidationError", message)) {
            try await call(
                "AssumeRole", ["RoleArn": .string(arn), "RoleSessionName": "me", "DurationSeconds": .number(seconds)])
        }
    }

    @Test(
        "look at the policies and tags of a session",
        arguments: [
            ([:], nil, nil), (["Policy": #"{"Statement":[]}"#], 1, nil),
            (["Policy": "no"], nil, "MalformedPolicyDocument"),
            (["Tags": [["Key": "a", "Value": "1"], ["Key": "A", "Value": "2"]]], nil, "InvalidParameterValue"),
            (
                ["Policy": .string(#"{"Statement":["# + String(repeating: " ", count: 2040) + "]}")], nil,
                "PackedPolicyTooLarge"
            ),
        ] as [(JSON.Object, Int?, String?)])
    func sessionPolicies(_ more: JSON.Object, _ size: Int?, _ code: String?) async throws {
        try await host.call("iam", "CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": #"{"Statement":[]}"#])
        var input: JSON.Object = ["RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "me"]
        for (name, value) in more { input[name] = value }
        do {
            #expect(try await call("AssumeRole", .object(input))["packedPolicySize"]?.int == size)
            #expect(code == nil)
        } catch let error as AWSError {
            #expect(error.code == code)
        }
    }

    @Test("read the claims of a web token")
    func webIdentity() async throws {
        let claims = Base64.encode(Array(#"{"sub":"subject","aud":"me","iss":"https://i"}"#.utf8)).split(
            separator: "=")[0]
        let answer = try await call(
            "AssumeRoleWithWebIdentity",
            [
                "RoleArn": "arn:aws:iam::000000000000:role/unknown", "RoleSessionName": "me",
                "WebIdentityToken": .string("e30.\(claims).x"),
            ])
        #expect(answer["subjectFromWebIdentityToken"] == "subject")
        #expect(answer["audience"] == "me" && answer["provider"] == "https://i")
    }

    @Test("are given to the caller itself and to those it names")
    func others() async throws {
        let key = try await call("GetSessionToken")["credentials"]?["AccessKeyId"]?.string
        let identity = try await call("GetCallerIdentity", key: try #require(key))
        #expect(identity["arn"] == "arn:aws:iam::000000000000:root")
        let federated = try await call("GetFederationToken", ["Name": "Bob"])
        #expect(federated["federatedUser"]?["Arn"] == "arn:aws:sts::000000000000:federated-user/Bob")
    }
}
