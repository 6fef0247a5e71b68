import AWSWire
import Testing

@Suite("Signing")
struct SigV4SigningTests {
    @Test("botocore signs the same", arguments: Vector.all)
    func botocore(_ vector: Vector) throws {
        let signed =
            vector.isPresigned
            ? try vector.signer.presign(vector.request, nowMs: vector.nowMs, expiresSeconds: 3600)
            : try vector.signer.sign(vector.request, nowMs: vector.nowMs)
        #expect(signed.headers["Authorization"] == vector.signed.headers["Authorization"])
        #expect(
            signed.query.split(separator: "&").sorted() == vector.signed.query.split(separator: "&").sorted()
                || !vector.isPresigned)
    }

    @Test("the vectors are there") func vectorsExist() { #expect(Vector.all.count >= 13) }

    @Test(
        "S3 API reference: requests",
        arguments: [
            (
                Example.get("/test.txt", headers: [("Range", "bytes=0-9")]),
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
            ),
            (Example.get("/", query: "lifecycle"), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
            (
                Example.get("/", query: "max-keys=2&prefix=J"),
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
            ),
            (
                HTTPRequest(
                    method: "PUT", path: "/test$file.text",
                    headers: [
                        "Host": Example.host, "Date": "Fri, 24 May 2013 00:00:00 GMT",
                        "x-amz-storage-class": "REDUCED_REDUNDANCY",
                    ], body: .bytes(Array("Welcome to Amazon S3.".utf8))),
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
            ),
        ])
    func s3(_ request: HTTPRequest, _ signature: String) throws {
        #expect(try Example.s3.sign(request, nowMs: Example.nowMs).signature == signature)
    }

    @Test("S3 API reference: presigned URL")
    func presigned() throws {
        let signed = try Example.s3.presign(Example.get("/test.txt"), nowMs: Example.nowMs, expiresSeconds: 86_400)
        #expect(signed.signature == "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    @Test("IAM user guide: ListUsers")
    func listUsers() throws {
        let signer = SigV4.Signer(
            credentials: SigV4.Credentials(
                accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "iam")
        let request = HTTPRequest(
            method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
            headers: [
                "Host": "iam.amazonaws.com", "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            ])
        let nowMs = try #require(SigV4.parseDate("20150830T123600Z"))
        #expect(
            try signer.sign(request, nowMs: nowMs).signature
                == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
    }

    @Test(
        "dates",
        arguments: [
            ("19700101T000000Z", 0), ("20130524T000000Z", 1_369_353_600_000), ("20240229T235907Z", 1_709_251_147_000),
            ("20991231T235959Z", 4_102_444_799_000), ("20000301T000000Z", 951_868_800_000),
        ])
    func dates(_ text: String, _ ms: Int64) {
        #expect(SigV4.dateText(ms: ms) == text)
        #expect(SigV4.parseDate(text) == ms)
    }

    @Test(
        "not dates", arguments: ["", "20130524", "20131324T000000Z", "20130524T250000Z", "2013-05-24T00:00:00Z", "ü"])
    func notDates(_ text: String) { #expect(SigV4.parseDate(text) == nil) }

    @Test("the date of a Date header")
    func httpDate() { #expect(SigV4.parseDate("Fri, 24 May 2013 00:00:00 GMT") == Example.nowMs) }
}

@Suite("Credential scope")
struct CredentialScopeTests {
    @Test(
        "of the Authorization header",
        arguments: [
            (
                "AWS4-HMAC-SHA256 Credential=AK/20240131/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=x",
                CredentialScope(accessKeyId: "AK", date: "20240131", region: "us-east-1", service: "sqs")
            ),
            (
                "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AK/20240131/us-east-1/sqs/aws4_request",
                CredentialScope(accessKeyId: "AK", date: "20240131", region: "us-east-1", service: "sqs")
            ),
            (
                "AWS4-HMAC-SHA256 Credential=a/b/20240131/us-east-1/sqs/aws4_request",
                CredentialScope(accessKeyId: "a/b", date: "20240131", region: "us-east-1", service: "sqs")
            ),
            (
                "AWS4-ECDSA-P256-SHA256 Credential=AK/20240131/s3/aws4_request",
                CredentialScope(accessKeyId: "AK", date: "20240131", region: "", service: "s3")
            ),
            ("AWS4-HMAC-SHA256 Credential=AK", CredentialScope(accessKeyId: "AK", date: "", region: "", service: "")),
            ("AWS AK:c2ln", CredentialScope(accessKeyId: "AK", date: "", region: "", service: "s3")),
        ])
    func header(_ header: String, _ scope: CredentialScope) {
        let request = HTTPRequest(method: "POST", path: "/", headers: ["authorization": header])
        #expect(CredentialScope.parse(request) == scope)
    }

    @Test(
        "of the query",
        arguments: [
            ("a=b&X-Amz-Credential=AK%2F20240131%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=x", "AK", "us-east-1"),
            ("X-Amz-Credential=AK/20240131/eu-west-1/s3/aws4_request", "AK", "eu-west-1"),
            ("AWSAccessKeyId=AK&Signature=x", "AK", ""),
        ])
    func query(_ query: String, _ key: String, _ region: String) {
        let scope = CredentialScope.parse(HTTPRequest(method: "GET", path: "/", query: query))
        #expect(scope?.accessKeyId == key)
        #expect(scope?.region == region)
    }

    @Test("none", arguments: ["", "Bearer x", "Basic dTpw", "XCredential=AK/1/2/3/4"])
    func none(_ header: String) {
        #expect(CredentialScope.parse(HTTPRequest(method: "GET", path: "/", headers: ["Authorization": header])) == nil)
    }
}
