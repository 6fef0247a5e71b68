import Foundation
import Testing

@testable import Archive

@Suite struct ArchiveTests {
    private func zip(_ entries: [(String, String)]) throws -> [UInt8] {
        var writer = ZipWriter()
        for (path, text) in entries { try writer.add(path, Array(text.utf8), isExecutable: path == "bootstrap") }
        return writer.finish()
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/archive-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private let long = String(repeating: "the same words again ", count: 20_000)

    @Test func whatIsWrittenIsRead() throws {
        let archive = try ZipArchive(
            try zip([("bootstrap", "#!/bin/sh\n"), ("a/b/c.txt", long), ("empty", ""), ("ü/😀", "x")]))
        #expect(archive.entries.map(\.path) == ["bootstrap", "a/b/c.txt", "empty", "ü/😀"])
        #expect(archive.entries.map(\.permissions) == [0o755, 0o644, 0o644, 0o644])
        #expect(archive.unpackedSize == 10 + long.utf8.count + 1)
        #expect(
            try archive.entries.map { String(decoding: try archive.contents(of: $0), as: UTF8.self) } == [
                "#!/bin/sh\n", long, "", "x",
            ])
    }

    @Test func theSameEntriesGiveTheSameBytes() throws {
        #expect(try zip([("a", long), ("b", "2")]) == zip([("a", long), ("b", "2")]))
    }

    @Test func extractsFilesFoldersModesAndInnerLinks() throws {
        var writer = ZipWriter()
        try writer.add("bootstrap", Array("run".utf8), isExecutable: true)
        try writer.add("lib/tool/cli.js", Array(long.utf8))
        try writer.addSymbolicLink("lib/bin/cli", to: "../tool/cli.js")
        let archive = try ZipArchive(writer.finish())
        try inFolder { folder in
            try archive.extract(to: folder)
            #expect(try String(contentsOfFile: folder + "/lib/bin/cli", encoding: .utf8) == long)
            #expect(FileManager.default.isExecutableFile(atPath: folder + "/bootstrap"))
            #expect(!FileManager.default.isExecutableFile(atPath: folder + "/lib/tool/cli.js"))
        }
    }

    @Test(arguments: [
        "../out", "a/../../out", "/etc/out", "..", "a/..", "a\\..\\out",
    ])
    func pathsThatEscapeAreRefused(_ path: String) throws {
        let archive = try ZipArchive(try zip([("fine", "x"), (path, "x")]))
        try inFolder { folder in
            #expect(throws: ArchiveError.escapes(path)) { try archive.extract(to: folder) }
        }
    }

    /// A name that no file can have is the archive's fault, not the machine's.
    @Test(arguments: [
        [String(repeating: "a", count: 300)],
        [String(repeating: String(repeating: "a", count: 200) + "/", count: 25) + "b"],
        ["folder/file", "folder"],
    ])
    func namesThatCannotBeCreatedAreRefused(_ paths: [String]) throws {
        let archive = try ZipArchive(try zip(paths.map { ($0, "x") }))
        try inFolder { folder in
            #expect {
                try archive.extract(to: folder)
            } throws: { error in
                if case ArchiveError.unsupported = error { true } else { false }
            }
        }
    }

    @Test(arguments: [
        ("link", "/etc"), ("link", ".."), ("a/link", "../../x"), ("link", "a/../../x"), ("link", ""),
        ("a/link", "b/../c"),
    ])
    func linksThatEscapeAreRefused(_ path: String, _ target: String) throws {
        var writer = ZipWriter()
        try writer.addSymbolicLink(path, to: target)
        let archive = try ZipArchive(writer.finish())
        try inFolder { folder in
            #expect(throws: ArchiveError.escapes("\(path) -> \(target)")) { try archive.extract(to: folder) }
        }
    }

    @Test func nothingIsWrittenThroughALink() throws {
        var writer = ZipWriter()
        try writer.addSymbolicLink("d", to: "e")
        try writer.add("d/file", [1])
        let archive = try ZipArchive(writer.finish())
        try inFolder { folder in #expect(throws: ArchiveError.self) { try archive.extract(to: folder) } }
    }

    @Test func limitsHold() throws {
        let bytes = try zip([("a", long), ("b", long)])
        #expect(throws: ArchiveError.tooLarge("2 entries")) { try ZipArchive(bytes, limits: .init(entries: 1)) }
        #expect(throws: ArchiveError.tooLarge("more than 420000 bytes unpacked")) {
            try ZipArchive(bytes, limits: .init(unpackedBytes: long.utf8.count))
        }
    }

    /// The directory promises fewer bytes than come out.
    @Test func aBombThatLiesAboutItsSizeStops() throws {
        var bytes = try zip([("a", long)])
        let directory = try #require(Self.find([0x50, 0x4B, 0x01, 0x02], in: bytes))
        bytes.replaceSubrange(directory + 24..<directory + 28, with: [10, 0, 0, 0])
        let archive = try ZipArchive(bytes)
        #expect(throws: ArchiveError.self) { try archive.contents(of: archive.entries[0]) }
    }

    @Test func changedContentsAreFound() throws {
        var bytes = try zip([("a", "stored text")])
        bytes[31] ^= 1
        let archive = try ZipArchive(bytes)
        #expect(throws: ArchiveError.damaged("a has a wrong checksum")) { try archive.contents(of: archive.entries[0]) }
    }

    @Test func cutOrChangedFilesNeverTrap() throws {
        let bytes = try zip([("a", long), ("b/c", "text"), ("bootstrap", "x")])
        var random = Seeded()
        for length in 0..<min(bytes.count, 400) { try? readAll(Array(bytes.suffix(length))) }
        for length in stride(from: 0, to: bytes.count, by: 3) { try? readAll(Array(bytes.prefix(length))) }
        for _ in 0..<3_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try? readAll(changed)
        }
    }

    private func readAll(_ bytes: [UInt8]) throws {
        let archive = try ZipArchive(bytes, limits: .init(entries: 10, unpackedBytes: 10_000_000))
        for entry in archive.entries { _ = try archive.contents(of: entry) }
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: needle) }
    }
}

/// Knuth's MMIX generator: the same changes in every run.
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
