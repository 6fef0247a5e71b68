#if canImport(Glibc)
    import Glibc
#endif

/// The program's own code in memory. The start touches most of it once: all types are registered, all tables are made.
enum ProgramPages {
    /// Gives the pages of code back to the system, which keeps them as the file's and maps again what is used.
    static func release() {
        #if canImport(Glibc)
            guard let maps = fopen("/proc/self/maps", "r"), let program = realpath("/proc/self/exe", nil) else {
                return
            }
            defer {
                fclose(maps)
                free(program)
            }
            let path = String(cString: program)
            var line = [CChar](repeating: 0, count: 4096 + 128)
            while fgets(&line, CInt(line.count), maps) != nil {
                let fields = line.prefix { $0 != 0 }.split(separator: CChar(UInt8(ascii: " "))).map { field in
                    String(decoding: field.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                }
                // Pages that cannot be written are still those of the file: nothing is lost.
                guard fields.count == 6, fields[1] == "r-xp", fields[5] == path + "\n" else { continue }
                let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]), ends[0] < ends[1]
                else {
                    continue
                }
                madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
            }
        #endif
    }
}
