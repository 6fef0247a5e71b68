internal import Glibc

/// The processes of the machine as `/proc` shows them.
enum ProcessTable {
    struct Entry {
        let pid: Int32
        let session: Int32
        let threads: Int
        let isZombie: Bool
    }

    static func pids() -> [Int32] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var pids: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let pid = Int32(name) { pids.append(pid) }
        }
        return pids
    }

    /// nil when the process has gone.
    static func entry(_ pid: Int32) -> Entry? {
        guard let text = read("/proc/\(pid)/stat", atMost: 2048) else { return nil }
        // The name stands in brackets and may hold anything, so the fields are counted from the last bracket.
        guard let bracket = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(bracket + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 17, let session = Int32(fields[3]), let threads = Int(fields[17]) else { return nil }
        return Entry(pid: pid, session: session, threads: threads, isZombie: fields[0] == "Z" || fields[0] == "X")
    }

    /// When the process began, in the kernel's ticks since the machine's start; nil when it has gone. Together with the
    /// id it names a process for as long as the machine runs.
    static func startTicks(_ pid: Int32) -> UInt64? {
        guard let text = read("/proc/\(pid)/stat", atMost: 2048), let bracket = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(bracket + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19 else { return nil }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }

    /// The children of a process (of its first thread), by default of this one.
    static func children(of pid: Int32 = getpid()) -> [Int32] {
        guard let text = read("/proc/\(pid)/task/\(pid)/children", atMost: 64 * 1024) else { return [] }
        return text.split(separator: UInt8(ascii: " ")).compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }

    /// Private memory of a process, of this one's other children and of all their descendants.
    static func familyBytes(_ pid: Int32) -> Int {
        var open = Array(Set(children() + [pid]))
        var sum = 0
        while let next = open.popLast() {
            sum += privateBytes(next)
            open += children(of: next)
        }
        return sum
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// Memory that the process holds for itself, without what it shares with files; 0 when it has gone.
    static func privateBytes(_ pid: Int32) -> Int {
        guard let text = read("/proc/\(pid)/statm", atMost: 256) else { return 0 }
        let fields = text.split(separator: UInt8(ascii: " "))
            .map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
        return fields.count > 2 ? max(0, fields[1] - fields[2]) * pageSize : 0
    }

    /// The living processes whose environment carries a mark that `matches`.
    static func marked(_ matches: (String) -> Bool) -> [Int32] {
        let prefix = Array((ProcessSpecification.markVariable + "=").utf8)
        let own = getpid()
        return pids().filter { pid in
            guard pid != own, let environment = read("/proc/\(pid)/environ", atMost: 256 * 1024) else { return false }
            return environment.split(separator: 0).contains {
                $0.starts(with: prefix) && matches(String(decoding: $0.dropFirst(prefix.count), as: UTF8.self))
            }
        }
    }

    private static func read(_ path: String, atMost limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: min(limit, 4096))
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return bytes.isEmpty ? nil : bytes
    }
}
