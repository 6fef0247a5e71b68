import JSON
import Testing

@testable import FetchAndRun
@testable import UniversalScheduler

@Suite("A run request")
struct RunRequestTests {
    @Test(
        "names its execution",
        arguments: [
            (["scheduleId": "daily-am-load", "runRequestID": "3c3e"], "batch-daily-am-load-3c3e"),
            (["scheduleId": "a b/c", "runRequestID": "1="], "batch-a_b_c-1_"),
            (["runRequestID": "1"], nil), (["scheduleId": " ", "runRequestID": "1"], nil), (["scheduleId": "a"], nil),
        ] as [(JSON, String?)])
    func executionName(_ row: JSON, name: String?) { #expect(RunRequests.executionName(row) == name) }

    @Test("becomes a start message, unset members as blanks")
    func startMessage() {
        #expect(
            RunRequests.startMessage(["scheduleId": "a", "requestedBy": "me"])
                == ["scheduleId": "a", "startDateTime": " ", "scheduleStatus": " "])
        #expect(
            RunRequests.startMessage(["scheduleId": "a", "startDateTime": "t", "scheduleStatus": "RESTART"])
                == ["scheduleId": "a", "startDateTime": "t", "scheduleStatus": "RESTART"])
    }
}

@Suite("Keys in events of S3")
struct ObjectKeyTests {
    @Test(
        "are form-encoded",
        arguments: [("a.json", "a.json"), ("a+b%2Fc.json", "a b/c.json"), ("%C3%A9", "é"), ("%zz", nil), ("a%", nil)]
            as [(String, String?)])
    func decoded(_ key: String, text: String?) { #expect(Loader.decoded(key) == text) }
}

@Suite("fetch-and-run")
struct FetchSettingsTests {
    @Test(
        "exits 2 when a setting is missing or wrong",
        arguments: [
            ([:], ["x"], "BATCH_FILE_TYPE must be script or zip"),
            (["BATCH_FILE_TYPE": "tar"], ["x"], "BATCH_FILE_TYPE must be script or zip"),
            (["BATCH_FILE_TYPE": "script"], ["x"], "BATCH_FILE_S3_URL must start with s3://"),
            (
                ["BATCH_FILE_TYPE": "script", "BATCH_FILE_S3_URL": "http://b/k"], ["x"],
                "BATCH_FILE_S3_URL must start with s3://"
            ),
            (
                ["BATCH_FILE_TYPE": "script", "BATCH_FILE_S3_URL": "s3://bucket"], ["x"],
                "BATCH_FILE_S3_URL must name a bucket and a key"
            ),
            (
                ["BATCH_FILE_TYPE": "zip", "BATCH_FILE_S3_URL": "s3://bucket/key"], ["x"],
                "the command must name the script inside the zip file"
            ),
        ] as [([String: String], [String], String)])
    func refusals(_ environment: [String: String], words: [String], message: String) {
        #expect(throws: Refusal(2, message)) { try FetchSettings(environment, words) }
    }

    @Test("knows where the script is and what it gets")
    func settings() throws {
        let environment = ["BATCH_FILE_TYPE": "script", "BATCH_FILE_S3_URL": "s3://bucket/a/b.sh"]
        let settings = try FetchSettings(environment, ["fetch-and-run", "b.sh", "60", "x y"])
        #expect(settings.bucket == "bucket")
        #expect(settings.key == "a/b.sh")
        #expect(settings.arguments == ["60", "x y"])
    }
}
