/// One program to run so that it survives Baton, with what its runner needs to know.
public struct JobLaunch: Sendable, Equatable {
    /// The folder of the runner's own files; must exist and be empty. See ``JobFolder``.
    public var folder: String
    /// The program's working directory; must exist.
    public var workFolder: String
    /// The program, looked up in `PATH` when it has no slash, and its arguments.
    public var command: [String]
    /// The whole environment: nothing is inherited.
    public var environment: [String: String]
    /// What of standard output and standard error is kept, bytes; the rest is read and dropped.
    public var outputLimit: Int
    /// Private memory of the whole family, bytes; beyond it, it is killed. 0 sets no bound.
    public var memoryLimit: Int
    /// How long the family may take to end after SIGTERM, ms.
    public var graceMs: Int
    /// Nobody else on this machine carries it: it finds those whose runner was lost.
    public var mark: String

    public init(
        folder: String, workFolder: String, command: [String], environment: [String: String], outputLimit: Int,
        memoryLimit: Int = 0, graceMs: Int, mark: String
    ) {
        self.folder = folder
        self.workFolder = workFolder
        self.command = command
        self.environment = environment
        self.outputLimit = outputLimit
        self.memoryLimit = memoryLimit
        self.graceMs = graceMs
        self.mark = mark
    }

    // MARK: The way to the nursery

    /// The largest request, bytes: what a program's arguments and environment may be on Linux.
    static let largest = 2 << 20

    /// Texts, each with its length before it, behind the length of all.
    func encoded(tag: Int64) -> [UInt8] {
        var texts = [
            String(tag), folder, workFolder, String(outputLimit), String(memoryLimit), String(graceMs), mark,
            String(command.count), String(environment.count),
        ]
        texts += command
        texts += environment.map { "\($0.key)=\($0.value)" }
        var body: [UInt8] = []
        for text in texts {
            Self.append(text.utf8.count, to: &body)
            body += text.utf8
        }
        var result: [UInt8] = []
        Self.append(body.count, to: &result)
        return result + body
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(number).littleEndian) { bytes += $0 }
    }

    /// nil when the bytes are not a request.
    init?(decoding bytes: [UInt8], tag: inout Int64) {
        var texts: [String] = []
        var at = 0
        while at + 4 <= bytes.count {
            let count = Self.number(bytes[at..<(at + 4)])
            guard count >= 0, at + 4 + count <= bytes.count else { return nil }
            texts.append(String(decoding: bytes[(at + 4)..<(at + 4 + count)], as: UTF8.self))
            at += 4 + count
        }
        guard at == bytes.count, texts.count >= 10, let number = Int64(texts[0]), let limit = Int(texts[3]),
            let memory = Int(texts[4]), let grace = Int(texts[5]), let count = Int(texts[7]), count >= 1,
            let variables = Int(texts[8]), variables >= 0, texts.count - 9 == count + variables
        else { return nil }
        tag = number
        let pairs = texts[(9 + count)...].map { text -> (String, String) in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        self.init(
            folder: texts[1], workFolder: texts[2], command: Array(texts[9..<(9 + count)]),
            environment: Dictionary(pairs) { _, last in last }, outputLimit: limit, memoryLimit: memory,
            graceMs: grace, mark: texts[6])
    }

    static func number(_ bytes: some Collection<UInt8>) -> Int {
        var result = 0
        for (index, byte) in bytes.enumerated() { result |= Int(byte) << (8 * index) }
        return result
    }
}
