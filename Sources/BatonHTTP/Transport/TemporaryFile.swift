#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum TemporaryFile {
    /// Removes what is left of a file that the operation may have moved away.
    static func remove(_ path: String) { unlink(path) }
}
