public import JSON

/// What a ResultWriter makes of the outputs of child executions.
public enum Transformation: String, Sendable, CaseIterable {
    /// With everything about the execution. Default when writing to S3.
    case none = "NONE"
    /// The output alone. Default when not.
    case compact = "COMPACT"
    /// As `compact`, arrays taken apart.
    case flatten = "FLATTEN"
}

public enum OutputType: String, Sendable, CaseIterable { case json = "JSON", jsonLines = "JSONL" }

/// One ended child execution of a map run.
public struct ChildResult: Sendable {
    public enum Status: String, Sendable, CaseIterable {
        case succeeded = "SUCCEEDED", failed = "FAILED", timedOut = "TIMED_OUT", aborted = "ABORTED", pending =
            "PENDING"

        /// What goes into which file.
        var file: String {
            switch self {
            case .succeeded: "SUCCEEDED"
            case .pending, .aborted: "PENDING"
            case .failed, .timedOut: "FAILED"
            }
        }
    }

    public var executionArn: String
    public var stateMachineArn: String
    public var name: String
    public var status: Status
    public var input: JSON
    public var output: JSON?
    public var error: String?
    public var cause: String?
    public var startMs: Int64
    public var stopMs: Int64?
    public var redriveCount = 0

    public init(
        executionArn: String, stateMachineArn: String, name: String, status: Status, input: JSON, output: JSON? = nil,
        error: String? = nil, cause: String? = nil, startMs: Int64, stopMs: Int64? = nil
    ) {
        self.executionArn = executionArn
        self.stateMachineArn = stateMachineArn
        self.name = name
        self.status = status
        self.input = input
        self.output = output
        self.error = error
        self.cause = cause
        self.startMs = startMs
        self.stopMs = stopMs
    }

    /// The record that `NONE` writes.
    var record: JSON {
        var object = JSON.Object()
        if let cause { object["Cause"] = .string(cause) }
        if let error { object["Error"] = .string(error) }
        object["ExecutionArn"] = .string(executionArn)
        object["Input"] = .string(input.text())
        object["InputDetails"] = ["Included": true]
        object["Name"] = .string(name)
        if let output {
            object["Output"] = .string(output.text())
            object["OutputDetails"] = ["Included": true]
        }
        object["RedriveCount"] = .number(redriveCount)
        let isRedrivable = status != .succeeded && status != .pending
        object["RedriveStatus"] = .string(isRedrivable ? "REDRIVABLE" : "NOT_REDRIVABLE")
        if !isRedrivable, status == .succeeded {
            object["RedriveStatusReason"] = .string("Execution is SUCCEEDED and cannot be redriven")
        }
        object["StartDate"] = .string(RFC3339.text(startMs))
        object["StateMachineArn"] = .string(stateMachineArn)
        object["Status"] = .string(status.rawValue)
        if let stopMs { object["StopDate"] = .string(RFC3339.text(stopMs)) }
        return .object(object)
    }
}

/// How the results of a map run are written.
/// Source: Step Functions developer guide, "ResultWriter (Map)".
public struct ResultFormat: Sendable {
    public let transformation: Transformation
    public let outputType: OutputType
    /// A file is at most 5 GB; here far less, since it is made in memory.
    static let mostBytes = 64 << 20

    /// - Parameters:
    ///   - configuration: the evaluated `WriterConfig`.
    ///   - isExported: the results go to S3.
    public init(_ configuration: JSON?, isExported: Bool) {
        transformation =
            configuration?["Transformation"]?.string.flatMap(Transformation.init) ?? (isExported ? .none : .compact)
        outputType = configuration?["OutputType"]?.string.flatMap(OutputType.init) ?? .json
    }

    /// The output of the state when nothing is exported.
    public func output(_ results: [ChildResult]) -> JSON {
        let values = results.flatMap(values)
        guard outputType == .jsonLines else { return .array(values) }
        return .string(values.map { $0.text() }.joined(separator: "\n"))
    }

    /// Executions that did not succeed keep their records whatever the transformation.
    private func values(_ result: ChildResult) -> [JSON] {
        guard transformation != .none, result.status == .succeeded, let output = result.output else {
            return [result.record]
        }
        if transformation == .flatten, let elements = output.array { return elements }
        return [output]
    }

    /// A file under the folder of the map run.
    public struct File: Sendable {
        /// `SUCCEEDED_0.json` for example.
        public let name: String
        public let content: [UInt8]
    }

    /// The files with the results, by status.
    public func files(_ results: [ChildResult]) -> [File] {
        ["FAILED", "PENDING", "SUCCEEDED"].flatMap { status in
            files(status, results.filter { $0.status.file == status }.flatMap(values))
        }
    }

    private func files(_ status: String, _ values: [JSON]) -> [File] {
        var files: [File] = []
        var open: [UInt8] = []
        func close() {
            if outputType == .json { open.append(UInt8(ascii: "]")) }
            files.append(File(name: "\(status)_\(files.count).\(fileExtension)", content: open))
            open = []
        }
        for value in values {
            if open.count > Self.mostBytes { close() }
            if outputType == .json { open.append(open.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ",")) }
            value.write(into: &open)
            if outputType == .jsonLines { open.append(UInt8(ascii: "\n")) }
        }
        if !open.isEmpty { close() }
        return files
    }

    private var fileExtension: String { outputType == .json ? "json" : "jsonl" }

    /// `manifest.json`: where the files are.
    /// - Parameter prefix: of the map run's folder, with its slash.
    public static func manifest(_ files: [File], mapRunArn: String, bucket: String, prefix: String) -> JSON {
        func list(_ status: String) -> JSON {
            .array(
                files.filter { $0.name.hasPrefix(status) }.map { file in
                    ["Key": .string(prefix + file.name), "Size": .number(file.content.count)]
                })
        }
        return [
            "DestinationBucket": .string(bucket), "MapRunArn": .string(mapRunArn),
            "ResultFiles": ["FAILED": list("FAILED"), "PENDING": list("PENDING"), "SUCCEEDED": list("SUCCEEDED")],
        ]
    }

    /// The output of the state when the results were exported.
    public static func exported(mapRunArn: String, bucket: String, prefix: String) -> JSON {
        [
            "MapRunArn": .string(mapRunArn),
            "ResultWriterDetails": ["Bucket": .string(bucket), "Key": .string(prefix + "manifest.json")],
        ]
    }
}
