internal import Glibc

/// Why an archive was refused.
public enum ArchiveError: Error, Sendable, Equatable {
    /// The bytes are not a zip file, or one that was cut off or changed.
    case damaged(String)
    /// A compression method other than stored and deflate, encryption, or several volumes.
    case unsupported(String)
    /// The entry would be written outside of its folder.
    case escapes(String)
    /// More entries or more bytes than the limits allow.
    case tooLarge(String)
    /// A folder or file could not be written or read.
    case file(path: String, errno: Int32)
}

extension ArchiveError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .damaged(let what): "The zip file is damaged: \(what)."
        case .unsupported(let what): "The zip file is not supported: \(what)."
        case .escapes(let path): "The zip file holds an entry outside of its folder: \(path)."
        case .tooLarge(let what): "The zip file is too large: \(what)."
        case .file(let path, let errno): "\(path) could not be read or written (\(String(cString: strerror(errno))))."
        }
    }
}

/// What an archive may hold at most. The sum of sizes counts what really comes out, not what the directory promises.
public struct ArchiveLimits: Sendable {
    public var entries: Int
    /// Bytes of all entries together after decompression.
    public var unpackedBytes: Int

    public init(entries: Int = 100_000, unpackedBytes: Int = 1 << 30) {
        self.entries = entries
        self.unpackedBytes = unpackedBytes
    }
}
