import AWSWire
import BatonCore
import BatonStore
import Foundation

/// The files that hold the content of objects and parts: `s3/<two digits>/<id>` under the data folder. Ids are random,
/// so that no name given by a client ever becomes part of a path.
struct ContentFiles: Sendable {
    /// The kind of due rows that remove a file.
    static let removal = "s3.remove"

    private let folder: String
    private let context: Context

    init(_ context: Context) {
        self.context = context
        folder = context.store.folder + "/s3"
    }

    func path(_ file: String) -> String { "\(folder)/\(file.prefix(2))/\(file)" }

    /// Announces a new file before it is written, so that one whose writer dies can be found and removed.
    private func announce() async throws(AWSError) -> String {
        let file = context.random.hex(32)
        _ = try await context.write { try $0.execute("INSERT INTO s3_files (file) VALUES (?)", file) }
        return file
    }

    /// The file now belongs to a row of the same transaction.
    static func adopt(_ file: String, _ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM s3_files WHERE file = ?", file)
    }

    /// A file outlives its row by this much, for the answers that are still being sent from it.
    static let graceMs: Int64 = 60_000

    /// Removes a file some time after this transaction, even when the process dies in between.
    static func discard(_ file: String, _ transaction: Transaction) throws {
        try transaction.schedule(removal, atMs: transaction.nowMs + graceMs, key: file)
    }

    func remove(_ file: String) { _ = unlink(path(file)) }

    /// Stores `body` and waits until it is on disk.
    /// - Returns: the new file and what its content hashes to.
    func store(_ body: HTTPBody, _ expected: ExpectedDigests) async throws(AWSError) -> StoredContent {
        let file = try await announce()
        var digests = Digests(expected)
        do {
            let target = try open(file)
            defer { try? target.close() }
            switch body {
            case .bytes(let bytes):
                digests.update(bytes)
                try target.write(contentsOf: Data(bytes))
            case .file(let source, let offset, let length):
                try Self.copy(source, from: offset, length: length, to: target) { digests.update($0) }
            }
            try target.synchronize()
        } catch {
            remove(file)
            throw context.host.awsError(of: Self.isFull(error) ? StoreError.full : error)
        }
        return try accept(file, body.count, digests)
    }

    /// Concatenates files into a new one.
    /// - Returns: it, and the checksum that was asked for.
    func join(
        _ parts: [(file: String, size: Int)], _ expected: ExpectedDigests
    ) async throws(AWSError) -> (file: String, checksum: Checksum?) {
        let file = try await announce()
        var digests = expected.algorithm == nil ? nil : Digests(expected)
        do {
            let target = try open(file)
            defer { try? target.close() }
            for part in parts {
                try Self.copy(path(part.file), from: 0, length: part.size, to: target) { digests?.update($0) }
            }
            try target.synchronize()
            return (file, digests?.finish().checksum)
        } catch {
            remove(file)
            throw context.host.awsError(of: Self.isFull(error) ? StoreError.full : error)
        }
    }

    private func accept(_ file: String, _ size: Int, _ digests: consuming Digests) throws(AWSError) -> StoredContent {
        let result = digests.finish()
        if let error = result.mismatch {
            remove(file)
            throw error
        }
        return StoredContent(file: file, size: size, md5: result.md5, checksum: result.checksum)
    }

    private func open(_ file: String) throws -> FileHandle {
        let path = path(file)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return handle
    }

    private static let chunk = 1 << 20

    private static func copy(
        _ source: String, from offset: Int, length: Int, to target: FileHandle, _ each: ([UInt8]) -> Void
    ) throws {
        guard let input = FileHandle(forReadingAtPath: source) else { throw CocoaError(.fileReadNoSuchFile) }
        defer { try? input.close() }
        try input.seek(toOffset: UInt64(offset))
        var left = length
        while left > 0, let data = try input.read(upToCount: min(chunk, left)), !data.isEmpty {
            each(Array(data))
            try target.write(contentsOf: data)
            left -= data.count
        }
        guard left == 0 else { throw CocoaError(.fileReadCorruptFile) }
    }

    private static func isFull(_ error: any Error) -> Bool {
        let error = error as NSError
        let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        return underlying.code == Int(ENOSPC) || error.code == CocoaError.fileWriteOutOfSpace.rawValue
    }
}

/// A file that is complete and on disk.
struct StoredContent: Sendable {
    let file: String
    let size: Int
    /// 16 bytes.
    let md5: [UInt8]
    /// The additional checksum that was asked for.
    let checksum: Checksum?
}
