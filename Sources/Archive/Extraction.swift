internal import Glibc

extension ZipArchive {
    /// Writes all entries below `folder`, which must exist and be empty.
    ///
    /// Absolute paths and paths with `..` are refused. Symbolic links come last, so that nothing is ever written through
    /// one, and only when their target stays inside. Files and folders are flushed to disk before this returns.
    public func extract(to folder: String) throws(ArchiveError) {
        var folders: Set<String> = [folder]
        for entry in entries where entry.isFolder {
            folders.insert(try Files.createFolders(folder, try Self.parts(entry.path)))
        }
        for entry in entries where !entry.isFolder && !entry.isSymbolicLink {
            let parts = try Self.parts(entry.path)
            let parent = try Files.createFolders(folder, parts.dropLast())
            folders.insert(parent)
            try write(entry, to: parent + "/" + (parts.last ?? ""))
        }
        for entry in entries where entry.isSymbolicLink && !entry.isFolder {
            try link(entry, in: folder)
        }
        // The name of a folder stands in the one above it, all the way up to the root.
        for path in folders {
            var path = path
            while path.utf8.count > folder.utf8.count, let end = path.lastIndex(of: "/") {
                try Files.flush(path)
                path = String(path[..<end])
            }
        }
        try Files.flush(folder)
    }

    /// The parts of a relative path that stays below its root.
    static func parts(_ path: String) throws(ArchiveError) -> [String] {
        guard !path.hasPrefix("/"), !path.contains("\\") else { throw .escapes(path) }
        let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.isEmpty || path == "./", !parts.contains("..") else { throw .escapes(path) }
        return parts
    }

    private func write(_ entry: Entry, to path: String) throws(ArchiveError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        // The owner can always read and replace the code, whatever the archive says.
        let descriptor = open(path, flags, entry.permissions | 0o600)
        guard descriptor >= 0 else { throw .creating(entry.path, path, errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, entry.permissions | 0o600) == 0 else { throw .file(path: path, errno: errno) }
        try read(entry) { (piece: UnsafeBufferPointer<UInt8>) throws(ArchiveError) in
            try Files.write(piece, descriptor, path)
        }
        guard fsync(descriptor) == 0 else { throw .file(path: path, errno: errno) }
    }

    /// A link is harmless when its target climbs at most to the root and goes only down from there: with `..` in front
    /// only, no other link on the way can lead it outside.
    private func link(_ entry: Entry, in folder: String) throws(ArchiveError) {
        let parts = try Self.parts(entry.path)
        guard entry.size <= 4096 else { throw .tooLarge("the target of \(entry.path)") }
        let target = String(decoding: try contents(of: entry), as: UTF8.self)
        let steps = target.split(separator: "/").filter { $0 != "." }
        let climbs = steps.prefix { $0 == ".." }.count
        guard !target.isEmpty, !target.hasPrefix("/"), climbs < parts.count, !steps.dropFirst(climbs).contains("..")
        else {
            throw .escapes("\(entry.path) -> \(target)")
        }
        let path = try Files.createFolders(folder, parts.dropLast()) + "/" + (parts.last ?? "")
        guard symlink(target, path) == 0 else { throw .creating(entry.path, path, errno) }
    }
}

extension ArchiveError {
    /// Whose fault it is that a name cannot be created: the archive's or the machine's.
    fileprivate static func creating(_ name: String, _ path: String, _ errno: Int32) -> ArchiveError {
        switch errno {
        case ENAMETOOLONG, EISDIR, ENOTDIR, EEXIST, ELOOP, EILSEQ:
            .unsupported("it holds a name that cannot be created: \(name.prefix(100))")
        default: .file(path: path, errno: errno)
        }
    }
}

enum Files {
    /// Creates the folders one below the other; a link or file in the way is refused.
    @discardableResult
    static func createFolders(_ root: String, _ parts: some Sequence<String>) throws(ArchiveError) -> String {
        var path = root
        for part in parts {
            path += "/" + part
            if mkdir(path, 0o755) == 0 { continue }
            guard errno == EEXIST else { throw .creating(part, path, errno) }
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .escapes(path) }
        }
        return path
    }

    static func write(
        _ bytes: UnsafeBufferPointer<UInt8>, _ descriptor: Int32, _ path: String
    ) throws(ArchiveError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeBufferPointer(rebasing: rest)
            let written = Glibc.write(descriptor, part.baseAddress, part.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw .file(path: path, errno: errno)
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Makes the names in a folder durable.
    static func flush(_ folder: String) throws(ArchiveError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: folder, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: folder, errno: errno) }
    }
}
