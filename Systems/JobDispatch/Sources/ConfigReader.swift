import JSON

/// Reads a job's configuration. What is missing or of the wrong kind is named by its path:
/// `Invalid configuration: config.matillionSqsMessage.version`.
struct ConfigReader: Equatable {
    let members: JSON.Object
    let path: String

    /// - Parameter row: the plain row of the configuration table.
    init(row: JSON) throws(Rejection) {
        guard let members = row["config"]?.object else { throw Self.invalid("config") }
        self.init(members, "config")
    }

    private init(_ members: JSON.Object, _ path: String) {
        self.members = members
        self.path = path
    }

    private static func invalid(_ path: String) -> Rejection { Rejection("Invalid configuration: \(path)") }
    func invalid(_ key: String) -> Rejection { Self.invalid("\(path).\(key)") }

    /// nil where the member is absent or null.
    private subscript(key: String) -> JSON? {
        guard let value = members[key], !value.isNull else { return nil }
        return value
    }

    private func optional<T>(_ key: String, _ read: (JSON) -> T?) throws(Rejection) -> T? {
        guard let value = self[key] else { return nil }
        guard let result = read(value) else { throw invalid(key) }
        return result
    }

    private func required<T>(_ key: String, _ value: T?) throws(Rejection) -> T {
        guard let value else { throw invalid(key) }
        return value
    }

    func string(_ key: String) throws(Rejection) -> String { try required(key, string(ifPresent: key)) }
    func string(ifPresent key: String) throws(Rejection) -> String? { try optional(key, \.string) }
    func int(ifPresent key: String) throws(Rejection) -> Int? { try optional(key, \.int) }
    func object(ifPresent key: String) throws(Rejection) -> JSON.Object? { try optional(key, \.object) }
    func array(_ key: String) throws(Rejection) -> [JSON] { try required(key, optional(key, \.array)) }

    func reader(_ key: String) throws(Rejection) -> ConfigReader {
        ConfigReader(try required(key, object(ifPresent: key)), "\(path).\(key)")
    }

    /// A text that travels as it is, or any other value that travels as its JSON text.
    func text(_ key: String) throws(Rejection) -> String { try required(key, text(ifPresent: key)) }
    func text(ifPresent key: String) throws(Rejection) -> String? {
        self[key].map { value in value.string ?? value.text() }
    }

    /// A value that is sent as JSON even when it is a text.
    func json(ifPresent key: String) -> JSON? { self[key] }

    /// A map of texts.
    func texts(ifPresent key: String) throws(Rejection) -> JSON? {
        guard let texts = try object(ifPresent: key) else { return nil }
        guard texts.values.allSatisfy({ $0.string != nil }) else { throw invalid(key) }
        return .object(texts)
    }
}
