import Foundation
import Synchronization
import Testing

@testable import BatonProcess

/// What a program wrote, as text.
private final class Written: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func add(_ piece: [UInt8]) { bytes.withLock { $0 += piece } }
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    var count: Int { bytes.withLock { $0.count } }
}

@Suite struct BatonProcessTests {
    private static let python = [
        "/usr/bin/python3", "/usr/local/bin/python3", NSHomeDirectory() + "/.pyenv/shims/python3",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

    private func shell(
        _ script: String, limits: ProcessLimits = ProcessLimits(), mark: String = "test", folder: String = "/",
        _ output: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) async throws -> ChildProcess {
        try await ChildProcess.start(
            ProcessSpecification(
                executable: "/bin/sh", arguments: ["-c", script],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "COLOUR": "green"], folder: folder,
                limits: limits, mark: mark), output: output)
    }

    private func result(_ script: String, limits: ProcessLimits = ProcessLimits()) async throws -> (ProcessExit, String)
    {
        let written = Written()
        let child = try await shell(script, limits: limits) { written.add($0) }
        return (await child.exit(), written.text)
    }

    @Test(arguments: [
        ("echo hello", ProcessExit.exited(code: 0), "hello\n"),
        ("exit 7", .exited(code: 7), ""),
        ("echo out; echo err >&2; echo out", .exited(code: 0), "out\nerr\nout\n"),
        ("kill -11 $$", .signaled(11), ""),
        ("echo $COLOUR ${BATON_PROCESS_MARK%/*}", .exited(code: 0), "green test\n"),
        ("pwd; cat", .exited(code: 0), "/\n"),
        ("ulimit -n; ulimit -c", .exited(code: 0), "1024\n0\n"),
        ("printf last", .exited(code: 0), "last"),
    ])
    func endsAndWrites(_ script: String, _ exit: ProcessExit, _ text: String) async throws {
        let (ended, written) = try await result(script)
        #expect(ended == exit)
        #expect(written == text)
    }

    @Test func nothingOfBatonsDescriptorsIsInherited() async throws {
        let (_, text) = try await result("ls /proc/self/fd | wc -l")
        // Standard input, output, error, and the listing's own folder.
        #expect(text.trimmingCharacters(in: .whitespacesAndNewlines) == "4")
    }

    @Test(arguments: ["/no/such/program", "/etc/passwd"])
    func whatCannotBeStartedIsTold(_ executable: String) async throws {
        await #expect(throws: ProcessError.self) {
            _ = try await ChildProcess.start(
                ProcessSpecification(executable: executable, folder: "/", mark: "test"), output: { _ in })
        }
    }

    @Test func aMissingFolderIsTold() async throws {
        await #expect(throws: ProcessError.self) { _ = try await shell("true", folder: "/no/such/folder") }
    }

    @Test func killEndsTheWholeFamily() async throws {
        let lines = Lines()
        let child = try await shell("sleep 1000 & sleep 1000 & echo ready; wait") { lines.add($0) }
        await lines.next()
        child.kill()
        #expect(await child.exit() == .signaled(SIGKILL))
        #expect(members(of: child.pid).isEmpty)
    }

    @Test func childrenEndWithTheFirstProcess() async throws {
        let child = try await shell("sleep 1000 & echo started")
        #expect(await child.exit() == .exited(code: 0))
        #expect(members(of: child.pid).isEmpty)
    }

    /// A child that leaves the session keeps the mark in its environment, and the output pipe open.
    @Test func whoLeavesTheSessionIsFoundByItsMark() async throws {
        let mark = "leaver-\(UInt32.random(in: 0...UInt32.max))"
        let child = try await shell("setsid sleep 1000 & exit 3", mark: mark)
        #expect(await child.exit() == .exited(code: 3))
        #expect(ProcessTable.marked { $0.hasPrefix(mark) }.isEmpty)
    }

    @Test func orphansAreFoundByTheBeginningOfTheirMark() async throws {
        let mark = "orphan-\(UInt32.random(in: 0...UInt32.max))"
        let lines = Lines()
        let child = try await shell("echo ready; exec sleep 1000", mark: mark) { lines.add($0) }
        await lines.next()
        Family.killOrphans(markPrefix: mark + "/")
        #expect(await child.exit() == .signaled(SIGKILL))
    }

    /// The warden's input ends when Baton does, in whatever way.
    @Test func theWardenKillsWhatIsLeftWhenItsInputEnds() async throws {
        let lines = Lines()
        let left = try await shell("echo ready; sleep 1000") { lines.add($0) }
        await lines.next()
        let removed = try await shell("echo ready; exec sleep 1000") { lines.add($0) }
        await lines.next()
        let (warden, input) = (Process(), Foundation.Pipe())
        warden.executableURL = URL(fileURLWithPath: "/bin/sh")
        warden.arguments = ["-c", Warden.script]
        warden.standardInput = input
        try warden.run()
        input.fileHandleForWriting.write(Data("+ \(left.pid)\n+ \(removed.pid)\n- \(removed.pid)\n".utf8))
        try input.fileHandleForWriting.close()
        #expect(await left.exit() == .signaled(SIGKILL))
        warden.waitUntilExit()
        #expect(!removed.hasEnded)
        removed.kill()
        _ = await removed.exit()
    }

    @Test func terminateAsksFirst() async throws {
        let (lines, written) = (Lines(), Written())
        let child = try await shell("trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.01; done") {
            written.add($0)
            lines.add($0)
        }
        await lines.next()
        child.terminate(graceMs: 60_000)
        #expect(await child.exit() == .exited(code: 4))
        #expect(written.text.hasSuffix("bye\n"))
    }

    @Test func whoDoesNotListenIsKilled() async throws {
        let lines = Lines()
        let child = try await shell("trap '' TERM; echo ready; while :; do sleep 0.01; done") { lines.add($0) }
        await lines.next()
        child.terminate(graceMs: 50)
        #expect(await child.exit() == .signaled(SIGKILL))
    }

    @Test func aFloodIsHandedOnInPieces() async throws {
        let written = Written()
        let child = try await shell("head -c 30000000 /dev/zero") { piece in
            #expect(piece.count <= 64 * 1024)
            written.add(piece)
        }
        #expect(await child.exit() == .exited(code: 0))
        #expect(written.count == 30_000_000)
    }

    @Test func tooMuchMemoryEndsTheFamily() async throws {
        let python = try #require(Self.python)
        let (exit, _) = try await result(
            "exec \(python) -c 'import time\nblock = bytearray(200 << 20)\ntime.sleep(1000)'",
            limits: ProcessLimits(memoryBytes: 100 << 20))
        #expect(exit == .memoryExceeded)
    }

    @Test func allocatingFasterThanTheWatchStopsAtTheWall() async throws {
        let python = try #require(Self.python)
        let (exit, text) = try await result(
            "exec \(python) -c 'bytearray(1 << 34)'", limits: ProcessLimits(memoryBytes: 100 << 20))
        #expect(exit == .exited(code: 1))
        #expect(text.contains("MemoryError"))
    }

    @Test func aForkBombIsBounded() async throws {
        let (exit, _) = try await result(
            "bomb() { while :; do sleep 1000 & done; }; bomb 2>/dev/null", limits: ProcessLimits(threads: 50))
        #expect(exit == .threadsExceeded)
    }

    @Test func filesAreBounded() async throws {
        let (exit, _) = try await result(
            "exec head -c 2000000 /dev/zero > \(NSTemporaryDirectory())/baton-file-limit",
            limits: ProcessLimits(fileBytes: 1 << 20))
        #expect(exit == .signaled(SIGXFSZ))
    }

    @Test func manyAtOnceLeaveNoZombies() async throws {
        let ended = try await withThrowingTaskGroup(of: (Int32, ProcessExit).self) { group in
            for index in 0..<30 {
                group.addTask {
                    let child = try await shell("exit \(index)")
                    return (child.pid, await child.exit())
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ended.map { "\($0.1)" }).count == 30)
        #expect(ended.map(\.0).compactMap(ProcessTable.entry).filter(\.isZombie).isEmpty)
    }

    /// The living ones. A process that was killed may stay in the table for a moment; it has no environment any more.
    private func members(of session: Int32) -> [Int32] {
        ProcessTable.marked { _ in true }.compactMap(ProcessTable.entry)
            .filter { $0.session == session && !$0.isZombie }.map(\.pid)
    }
}

/// Lets a test wait for the program's next words.
private final class Lines: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    init() { (stream, continuation) = AsyncStream.makeStream() }
    func add(_ piece: [UInt8]) { continuation.yield() }
    func next() async { for await _ in stream { return } }
}
