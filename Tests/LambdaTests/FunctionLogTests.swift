import Testing

@testable import Lambda

@Suite struct FunctionLogTests {
    @Test func linesBecomeEventsHoweverTheyCome() {
        let log = FunctionLog()
        for piece in ["one\ntw", "o\n", "", "thr", "ee"] { log.write(Array(piece.utf8), atMs: 5) }
        log.platform("END", atMs: 6)
        #expect(
            log.take() == [
                .init(atMs: 5, message: "one\n"), .init(atMs: 5, message: "two\n"), .init(atMs: 6, message: "three"),
                .init(atMs: 6, message: "END\n"),
            ])
        #expect(log.take().isEmpty)
    }

    @Test func theTailIsTheLastFourKilobytesOfOneInvocation() {
        let log = FunctionLog()
        log.platform("START 1", atMs: 0, isFirst: true)
        log.write(Array("old\n".utf8), atMs: 0)
        log.platform("START 2", atMs: 0, isFirst: true)
        log.write(Array("new\n".utf8), atMs: 0)
        #expect(String(decoding: log.tail, as: UTF8.self) == "START 2\nnew\n")
        for number in 0..<10_000 { log.write(Array("\(number)\n".utf8), atMs: 0) }
        #expect(log.tail.count == 4096)
        #expect(String(decoding: log.tail, as: UTF8.self).hasSuffix("9998\n9999\n"))
    }

    @Test func aFloodIsBoundedAndSaidSo() {
        let log = FunctionLog()
        let line = Array((String(repeating: "x", count: 9_999) + "\n").utf8)
        for _ in 0..<2_000 { log.write(line, atMs: 0) }
        log.platform("END", atMs: 0)
        var (bytes, last) = (0, "")
        var batches = 0
        while case let batch = log.take(), !batch.isEmpty {
            batches += 1
            let size = batch.reduce(0) { $0 + $1.message.utf8.count + 26 }
            #expect(size <= 1_048_576)
            bytes += size
            last = batch.suffix(2).first?.message ?? ""
        }
        #expect(bytes <= FunctionLog.pendingLimit + 1024)
        #expect(batches > 3)
        #expect(last.hasSuffix("the function writes faster than its log takes it\n"))
    }

    @Test func aLineWithoutEndIsCut() {
        let log = FunctionLog()
        log.write([UInt8](repeating: 0x61, count: 600_000), atMs: 0)
        #expect(log.take().map(\.message.utf8.count) == [FunctionLog.lineLimit, FunctionLog.lineLimit])
    }

    @Test func thousandsOfLinesGoInBatches() {
        let log = FunctionLog()
        for _ in 0..<15_000 { log.write([0x61, 0x0A], atMs: 0) }
        #expect(log.take().count == 10_000)
        #expect(log.take().count == 5_000)
    }

    @Test(arguments: [
        (
            FunctionReport(
                requestId: "r", durationMs: 12, memoryMB: 128, usedBytes: 31 << 20, initMs: nil, failure: nil),
            "REPORT RequestId: r\tDuration: 12.00 ms\tBilled Duration: 12 ms\tMemory Size: 128 MB\tMax Memory Used: 31 MB\t"
        ),
        (
            FunctionReport(requestId: "r", durationMs: 0, memoryMB: 512, usedBytes: 1, initMs: 101, failure: nil),
            "REPORT RequestId: r\tDuration: 0.00 ms\tBilled Duration: 1 ms\tMemory Size: 512 MB\tMax Memory Used: 1 MB\tInit Duration: 101.00 ms\t"
        ),
        (
            FunctionReport(
                requestId: "r", durationMs: 3000, memoryMB: 128, usedBytes: 0, initMs: nil, failure: "timeout"),
            "REPORT RequestId: r\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\tStatus: timeout\t"
        ),
    ])
    func reports(_ report: FunctionReport, _ line: String) { #expect(report.line == line) }
}
