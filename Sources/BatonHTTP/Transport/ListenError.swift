import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why the server cannot listen, and what to do about it.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ error: any Error, host: String, port: Int) {
        description =
            switch (error as? IOError)?.errnoCode {
            case EADDRINUSE: "port \(port) is in use: another Baton? Choose another one with --port"
            case EACCES: "port \(port) needs privileges: choose one above 1023 with --port"
            case EADDRNOTAVAIL: "this machine has no address \(host): choose another one with --host"
            default: "cannot listen on \(host):\(port): \(error)"
            }
    }
}

/// Where a server may be reached from.
public enum ListenAddress {
    /// true when only programs on the same machine reach a server that listens on `host`.
    public static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// The limit of open files of this process: every connection takes one.
enum OpenFiles {
    static func raiseLimit() {
        var limit = rlimit()
        #if canImport(Glibc)
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let kind = RLIMIT_NOFILE
        #endif
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Without success the server still serves as many connections as it may.
        _ = setrlimit(kind, &limit)
    }
}

/// The folder for request bodies on their way.
enum SpoolFolder {
    /// Makes the folder and removes what an earlier process left in it.
    static func prepare(_ folder: String) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            if mkdir(folder, 0o700) != 0, errno != EEXIST { throw IOError(errnoCode: errno, reason: "mkdir \(folder)") }
            guard let entries = opendir(folder) else { throw IOError(errnoCode: errno, reason: "opendir \(folder)") }
            defer { closedir(entries) }
            while let entry = readdir(entries) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name.hasPrefix("body-") { unlink("\(folder)/\(name)") }
            }
        }
    }
}
