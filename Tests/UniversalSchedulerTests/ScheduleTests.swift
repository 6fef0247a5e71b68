import JSON
import Testing

@testable import UniversalScheduler

@Suite("A schedule document")
struct ScheduleTests {
    @Test("one blank, an empty text and nothing mean the same", arguments: [#"" ""#, #""""#, "null", nil])
    func unset(_ value: String?) throws {
        let member = value.map { #", "scheduleStatus": \#($0), "scheduleSnsTopic": \#($0)"# } ?? ""
        let schedule = Schedule(try JSON.parse(#"{"scheduleId": "a"\#(member)}"#))
        #expect(schedule.status == nil)
        #expect(schedule[.topic] == nil)
    }

    @Test(
        "wait_time is read as number and as text, and written as number",
        arguments: [("60", 60), (#""60""#, 60), ("0", 1), ("-5", 1), (#"" ""#, 60), (#""soon""#, 60), (nil, 60)]
            as [(String?, Int)])
    func waitTime(_ value: String?, seconds: Int) throws {
        let member = value.map { #", "wait_time": \#($0)"# } ?? ""
        let schedule = Schedule(try JSON.parse(#"{"scheduleId": "a"\#(member)}"#))
        #expect(schedule.waitSeconds == seconds)
        #expect(schedule.json["wait_time"] == .number(seconds))
    }

    @Test("an id is read in both forms, and written as Batch answers it")
    func jobId() {
        #expect(Job(["jobId": ["jobId": "c529"]]).id == "c529")
        #expect(Job(["jobId": "c529"]).id == "c529")
        #expect(Job(["jobId": " "]).id == nil)
        var job = Job([:])
        job.id = "c529"
        #expect(job.json == ["jobId": ["jobId": "c529"]])
    }

    @Test("members that nobody knows stay as they are")
    func unknownMembers() throws {
        let text = #"{"scheduleId":"a","category":"x","jobList":[{"jobName":"j","owner":["me"]}],"wait_time":60}"#
        #expect(Schedule(try JSON.parse(text)).json.text() == text)
    }

    @Test("the name is the id where there is none")
    func name() { #expect(Schedule(["scheduleId": "a"]).name == "a") }

    @Test("a job's request carries what the document says of it, its dependencies and the submission's mark")
    func request() throws {
        let job = Job([
            "jobName": "job2", "jobQueue": "queue", "jobDefinition": "definition:1", "jobStatus": " ",
            "parameters": ["seconds": "5"], "containerOverrides": ["command": ["run"]],
            "retryStrategy": ["attempts": 2],
        ])
        #expect(
            job.request(dependsOn: ["one"], submission: "run 1") == [
                "jobName": "job2", "jobQueue": "queue", "jobDefinition": "definition:1",
                "tags": ["schedule-submission": "run 1"], "dependsOn": [["jobId": "one", "type": "SEQUENTIAL"]],
                "parameters": ["seconds": "5"], "containerOverrides": ["command": ["run"]],
                "retryStrategy": ["attempts": 2],
            ])
        #expect(job.request(dependsOn: [], submission: "run 1")["dependsOn"] == nil)
    }
}

@Suite("Times")
struct MomentTests {
    @Test(
        "are UTC with six decimals",
        arguments: [
            (0, "1970-01-01T00:00:00.000000"), (1_537_646_248_446, "2018-09-22T19:57:28.446000"),
            (1_537_646_248_007, "2018-09-22T19:57:28.007000"),
        ] as [(Int64, String)])
    func text(_ epochMs: Int64, text: String) { #expect(Moment.text(epochMs: epochMs) == text) }
}
