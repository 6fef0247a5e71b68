import AWSWire
import JSON
import Testing

@Suite("Verifying")
struct SigV4VerifyTests {
    private static let minuteMs: Int64 = 60_000

    @Test("what botocore signed", arguments: Vector.all)
    func botocore(_ vector: Vector) throws {
        let credentials = vector.signer.credentials
        let verified = try SigV4.verify(vector.signed, nowMs: vector.nowMs) {
            $0 == credentials.accessKeyId ? credentials.secretAccessKey : nil
        }
        #expect(verified.scope.service == vector.signer.service)
        #expect(verified.sessionToken == credentials.sessionToken)
    }

    @Test("any other secret, body, path, header or query fails", arguments: Vector.all)
    func tampered(_ vector: Vector) throws {
        func fails(_ change: (inout HTTPRequest) -> Void, secret: String? = nil) -> Bool {
            var request = vector.signed
            change(&request)
            do {
                _ = try SigV4.verify(request, nowMs: vector.nowMs) { _ in
                    secret ?? vector.signer.credentials.secretAccessKey
                }
                return false
            } catch { return true }
        }
        #expect(fails({ _ in }, secret: "another"))
        #expect(fails { $0.path += "x" })
        #expect(fails { $0.query += "&x=y" })
        #expect(fails { $0.headers["Host"] = "elsewhere" })
        #expect(fails { $0.method = "DELETE" })
        #expect(fails({ $0.body = .bytes([1]) }) || vector.isPresigned)
    }

    @Test(
        "fifteen minutes of skew",
        arguments: [
            (-15 * minuteMs, nil), (15 * minuteMs, nil),
            (
                -16 * minuteMs,
                "Signature not yet current: 20130524T000000Z is still later than 20130523T235900Z (20130523T234400Z + 15 min.)"
            ),
            (
                16 * minuteMs,
                "Signature expired: 20130524T000000Z is now earlier than 20130524T000100Z (20130524T001600Z - 15 min.)"
            ),
        ])
    func skew(_ offsetMs: Int64, _ message: String?) throws {
        let signed = try Example.s3.sign(Example.get("/test.txt"), nowMs: Example.nowMs)
        let failure = failure(of: signed, nowMs: Example.nowMs + offsetMs)
        #expect(failure?.error(.query).message == message)
        #expect(failure.map { $0.error(.s3).code } == message.map { _ in "RequestTimeTooSkewed" })
    }

    @Test("a presigned URL ends")
    func expired() throws {
        let signed = try Example.s3.presign(Example.get("/test.txt"), nowMs: Example.nowMs, expiresSeconds: 60)
        #expect(failure(of: signed, nowMs: Example.nowMs + 59_999) == nil)
        let error = try #require(failure(of: signed, nowMs: Example.nowMs + 60_000)).error(.s3)
        #expect(error.code == "AccessDenied")
        #expect(error.message == "Request has expired")
        #expect(error.fields["Expires"] == "20130524T000100Z")
    }

    @Test("a body that is not the announced one")
    func payload() throws {
        var signed = try Example.s3.sign(Example.get("/test.txt"), nowMs: Example.nowMs)
        signed.body = .bytes([1, 2, 3])
        let error = try #require(failure(of: signed, nowMs: Example.nowMs)).error(.s3)
        #expect(error.code == "XAmzContentSHA256Mismatch")
        #expect(error.status == 400)
    }

    @Test("an unsigned payload may be anything")
    func unsignedPayload() throws {
        var signed = try Example.s3.sign(Example.get("/test.txt"), nowMs: Example.nowMs, payload: .unsigned)
        signed.body = .bytes([1, 2, 3])
        #expect(failure(of: signed, nowMs: Example.nowMs) == nil)
    }

    @Test("what is missing is named")
    func incomplete() throws {
        let signed = try Example.s3.sign(Example.get("/test.txt"), nowMs: Example.nowMs)
        let cases: [(HTTPRequest, SigV4.Failure)] = [
            (Example.get("/"), .missingToken),
            (
                signed.setting("Authorization", "AWS4-HMAC-SHA256"),
                .incomplete(
                    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
                        + "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256"
                )
            ),
            (
                signed.setting("X-Amz-Date", nil),
                .incomplete(
                    " Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
                        .trimmingPrefix(" ") + "Authorization=AWS4-HMAC-SHA256")
            ),
            (
                Example.get("/", query: "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=x"),
                .incomplete(
                    "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include "
                        + "'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the "
                        + "query-string parameters.")
            ),
            (
                signed.setting("Authorization", signed.headers["Authorization"]?.replacing("AKIA", with: "ASIA")),
                .unknownAccessKey("ASIAIOSFODNN7EXAMPLE")
            ),
        ]
        for (request, expected) in cases { #expect(failure(of: request, nowMs: Example.nowMs) == expected) }
    }

    @Test(
        "codes by dialect",
        arguments: [
            (
                SigV4.Failure.missingToken,
                [
                    "MissingAuthenticationTokenException", "MissingAuthenticationTokenException",
                    "MissingAuthenticationToken", "AccessDenied",
                ]
            ),
            (
                .incomplete("x"),
                [
                    "IncompleteSignatureException", "IncompleteSignatureException", "IncompleteSignature",
                    "AuthorizationHeaderMalformed",
                ]
            ),
            (
                .unknownAccessKey("x"),
                [
                    "UnrecognizedClientException", "UnrecognizedClientException", "InvalidClientTokenId",
                    "InvalidAccessKeyId",
                ]
            ),
            (
                .chunkMismatch,
                [
                    "InvalidSignatureException", "InvalidSignatureException", "SignatureDoesNotMatch",
                    "SignatureDoesNotMatch",
                ]
            ),
            (.expiredToken, ["ExpiredTokenException", "ExpiredTokenException", "ExpiredToken", "ExpiredToken"]),
        ])
    func codes(_ failure: SigV4.Failure, _ codes: [String]) {
        #expect([SigV4.Dialect.json, .restJSON, .query, .s3].map { failure.error($0).code } == codes)
    }

    private func failure(of request: HTTPRequest, nowMs: Int64) -> SigV4.Failure? {
        do {
            _ = try SigV4.verify(request, nowMs: nowMs, secret: Example.secret)
            return nil
        } catch { return error }
    }
}
