internal import Glibc

/// Small files, read and written whole.
enum Files {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ text: String, to path: String, durably: Bool = false) -> Bool {
        put(text, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, durably: durably)
    }

    static func append(_ text: String, to path: String) -> Bool {
        put(text, path, O_WRONLY | O_APPEND | O_CLOEXEC, durably: false)
    }

    private static func put(_ text: String, _ path: String, _ flags: Int32, durably: Bool) -> Bool {
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { return false }
        return !durably || fsync(descriptor) == 0
    }

    static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
