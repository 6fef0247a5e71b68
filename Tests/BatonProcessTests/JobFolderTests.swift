import Foundation
import Testing

@testable import BatonProcess

@Suite("What Baton and the runners of jobs tell each other")
struct JobFolderTests {
    @Test("a request to the nursery arrives as it was")
    func request() {
        let launch = JobLaunch(
            folder: "/f", workFolder: "/f/work", command: ["sh", "-c", "echo \"é\n\"", ""],
            environment: ["A": "1=2", "B": "", "C": "x\ny"], outputLimit: 7, memoryLimit: 8, graceMs: 9, mark: "m")
        var tag: Int64 = 0
        let bytes = launch.encoded(tag: 42)
        #expect(JobLaunch.number(bytes.prefix(4)) == bytes.count - 4)
        #expect(JobLaunch(decoding: Array(bytes.dropFirst(4)), tag: &tag) == launch)
        #expect(tag == 42)
        for count in stride(from: 0, to: bytes.count - 5, by: 3) {
            #expect(JobLaunch(decoding: Array(bytes.dropFirst(4).prefix(count)), tag: &tag) == nil)
        }
    }

    @Test(
        "ends as they are written",
        arguments: [
            (.exited(code: 0), "1 2 code 0"), (.exited(code: 255), "1 2 code 255"), (.signaled(9), "1 2 signal 9"),
            (.memoryExceeded, "1 2 memory -"), (.cannotStart("no such thing"), "1 2 cannot no such thing"),
        ] as [(JobExit.Ending, String)])
    func ends(ending: JobExit.Ending, line: String) {
        let exit = JobExit(ending, startedMs: 1, stoppedMs: 2)
        #expect(exit.line == line)
        #expect(JobExit(line: line + "\n") == exit)
        // What was cut off is no end.
        #expect(JobExit(line: line) == nil)
    }

    @Test("a folder belongs to whoever takes it first")
    func claim() throws {
        let path = NSTemporaryDirectory() + "job-folder-\(getpid())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = JobFolder(path)
        let record = JobFolder.RunnerRecord(pid: 7, ticks: 8, boot: "b")
        #expect(folder.runner == nil)
        #expect(folder.claim(record))
        #expect(!folder.giveUp())
        #expect(folder.runner == record)
        folder.note(startedMs: 99)
        #expect(folder.startedMs == 99)
        #expect(folder.exit == nil)
        #expect(folder.write(JobExit(.exited(code: 3), startedMs: 1, stoppedMs: 2), durably: true))
        #expect(folder.exit?.ending == .exited(code: 3))
    }
}
