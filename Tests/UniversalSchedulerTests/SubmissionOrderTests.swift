import Testing

@testable import UniversalScheduler

@Suite("The order of submission")
struct SubmissionOrderTests {
    @Test("is list order where dependencies allow it, else the dependency first")
    func order() throws {
        func names(_ lines: Schedule) throws -> String {
            try SubmissionOrder.of(lines.jobs).map { lines.jobs[$0].name }.joined(separator: " ")
        }
        #expect(try names(schedule("a", "b", "c")) == "a b c")
        #expect(try names(schedule("b < a", "a")) == "a b")
        #expect(try names(schedule("d < b, c", "c < a", "b < a", "a")) == "a c b d")
        #expect(try names(schedule("z < y", "y < x", "x", "a")) == "x y z a")
        #expect(try names(schedule("a", "b < a, a")) == "a b")
        #expect(try names(schedule()) == "")
    }

    @Test(
        "does not exist, and the culprit is named",
        arguments: [
            (schedule("a < b", "b < a"), "Error: the dependencies form a cycle: a, b"),
            (schedule("c", "a < b", "b < a", "d < a"), "Error: the dependencies form a cycle: a, b, d"),
            (schedule("a < ghost"), "Error: job a depends on ghost, which does not exist"),
            (schedule("a < a"), "Error: job a depends on itself"),
            (schedule("a", "a"), "Error: job a is listed more than once"),
        ])
    func faults(_ schedule: Schedule, message: String) {
        #expect(throws: SubmissionOrder.Fault(description: message)) { try SubmissionOrder.of(schedule.jobs) }
    }

    @Test("of a job with 20 dependencies exists, with 21 it does not: Batch allows 20")
    func dependencyLimit() throws {
        func join(_ count: Int) -> [Job] {
            let names = (0..<count).map { "j\($0)" }
            let all = names + ["last < \(names.joined(separator: ","))"]
            return all.map { schedule($0).jobs[0] }
        }
        #expect(try SubmissionOrder.of(join(20)).count == 21)
        let message = "Error: job last has 21 dependencies; AWS Batch allows 20"
        #expect(throws: SubmissionOrder.Fault(description: message)) { try SubmissionOrder.of(join(21)) }
    }

    @Test("of 10,000 jobs in reverse is found at once")
    func volume() throws {
        let jobs = (0..<10_000).map { schedule($0 == 9_999 ? "j9999" : "j\($0) < j\($0 + 1)").jobs[0] }
        #expect(try SubmissionOrder.of(jobs) == (0..<10_000).reversed())
    }
}
