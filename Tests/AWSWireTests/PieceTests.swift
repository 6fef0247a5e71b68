import AWSWire
import JSON
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("0", "0"), ("1700000000", "1700000000"), ("1700000000.123", "1700000000.123"), ("1.7E9", "1700000000"),
        ("-1.5", "-1.5"), ("2023-11-14T22:13:20Z", "1700000000"), ("2023-11-14T22:13:20.1Z", "1700000000.1"),
        ("2023-11-14T22:13:20.123456Z", "1700000000.123"), ("2023-11-14T23:13:20+01:00", "1700000000"),
        ("2023-11-14T22:13:20", "1700000000"), ("2023-11-14", "1699920000"), ("1969-12-31T23:59:59.5Z", "-0.5"),
        ("2024-02-29T00:00:00Z", "1709164800"), ("Tue, 14 Nov 2023 22:13:20 GMT", "1700000000"),
        ("0001-01-01T00:00:00Z", "-62135596800"), ("9999-12-31T23:59:59Z", "253402300799"),
    ])
    func parses(_ text: String, _ seconds: String) { #expect(Timestamp.parse(text)?.text == seconds) }

    @Test(arguments: [
        "", "x", "2023", "-", "2023-13-01", "2023-02-29T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14T22:13:20Zx",
        "1e99",
        "0x10", "nan", "inf", "Tue, 14 Foo 2023 22:13:20 GMT", "2023-11-14T22:13:20.Z", "99999999999999999999",
    ])
    func refuses(_ text: String) { #expect(Timestamp.parse(text) == nil || text == "2023") }

    @Test(
        arguments: [
            (1_700_000_000_000, "2023-11-14T22:13:20Z", "Tue, 14 Nov 2023 22:13:20 GMT"),
            (1_700_000_000_007, "2023-11-14T22:13:20.007Z", "Tue, 14 Nov 2023 22:13:20 GMT"),
            (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1000, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
            (1_709_164_800_000, "2024-02-29T00:00:00Z", "Thu, 29 Feb 2024 00:00:00 GMT"),
        ] as [(Int64, String, String)])
    func writes(_ milliseconds: Int64, _ iso: String, _ http: String) {
        #expect(Timestamp.iso8601(milliseconds) == iso)
        #expect(Timestamp.httpDate(milliseconds) == http)
    }
}

@Suite struct S3HostTests {
    @Test(
        arguments: [
            ("b.s3.amazonaws.com", "b"), ("b.s3.eu-west-1.amazonaws.com", "b"), ("b.s3-eu-west-1.amazonaws.com", "b"),
            ("my.b.s3.localhost:4566", "my.b"), ("b.localhost:4566", "b"), ("localhost:4566", nil),
            ("127.0.0.1:4566", nil),
            ("s3.amazonaws.com", nil), ("s3.localhost.localstack.cloud:4566", nil),
            ("b.s3.localhost.localstack.cloud", "b"),
            ("example.org", nil), ("", nil), ("[::1]:4566", nil),
        ] as [(String, String?)])
    func bucket(_ host: String, _ bucket: String?) { #expect(S3Host.bucket(host: host) == bucket) }
}

@Suite struct PercentEncodingTests {
    @Test(arguments: [("a b", "a%20b"), ("ü/", "%C3%BC%2F"), ("-_.~", "-_.~"), ("", "")])
    func bothWays(_ plain: String, _ encoded: String) {
        #expect(PercentEncoding.encode(plain) == encoded)
        #expect(PercentEncoding.decode(encoded) == plain)
    }

    @Test(arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("a+b", "a+b"), ("%41", "A")])
    func lenient(_ encoded: String, _ plain: String) { #expect(PercentEncoding.decode(encoded) == plain) }

    @Test func refusesWhatIsNotUTF8() {
        #expect(PercentEncoding.decode("%FF") == nil)
        #expect(PercentEncoding.fields(Array("a=%FF".utf8)) == nil)
    }
}
