internal import Glibc

/// Two connected descriptors that no child inherits by accident. Lines go over sockets rather than pipes: writing to
/// one whose reader has gone gives an error and no SIGPIPE.
struct Channel {
    let read: Int32
    let write: Int32

    static func pipe() -> Channel? {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return Channel(read: ends[0], write: ends[1])
    }

    /// - Parameter packets: keeps messages apart.
    static func socket(packets: Bool = false) -> Channel? {
        var ends: [Int32] = [-1, -1]
        let kind = Int32((packets ? SOCK_SEQPACKET : SOCK_STREAM).rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        return Channel(read: ends[0], write: ends[1])
    }

    /// false when nobody reads any more. A line is short and the buffer empty, so it is written whole.
    static func send(_ line: String, to descriptor: Int32) -> Bool {
        let bytes = Array(line.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}
