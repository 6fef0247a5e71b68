/// One finding about a definition, as `ValidateStateMachineDefinition` answers it.
public struct Diagnostic: Sendable, Equatable {
    public enum Severity: String, Sendable { case error = "ERROR", warning = "WARNING" }

    public let code: Code
    public let message: String
    /// Where, for example `/States/Wait/Choices[0]/Next`; nil for findings about the whole.
    public let location: String?

    public var severity: Severity { code.severity }

    /// Source: API reference, ValidateStateMachineDefinitionDiagnostic.
    public enum Code: String, Sendable {
        case invalidJSON = "INVALID_JSON_DESCRIPTION"
        case missingDescription = "MISSING_DESCRIPTION"
        case schema = "SCHEMA_VALIDATION_FAILED"
        case missingTarget = "MISSING_TRANSITION_TARGET"
        case missingEnd = "MISSING_END_STATE"
        case duplicateStateName = "DUPLICATE_STATE_NAME"
        case invalidStateName = "INVALID_STATE_NAME"
        case duplicateLabel = "DUPLICATE_LABEL_NAME"
        case invalidLabel = "INVALID_LABEL_NAME"
        case tooDeep = "TOO_DEEPLY_NESTED"
        case invalidQuery = "INVALID_JSONATA_EXPRESSION"
        case unsupportedQuery = "UNSUPPORTED_JSONATA_EXPRESSION"
        case invalidVariable = "INVALID_VARIABLE_NAME"
        case reservedVariable = "RESERVED_VARIABLE_NAME"
        case noDollar = "NO_DOLLAR"
        case noPath = "NO_PATH"
        case staticResult = "PASS_RESULT_IS_STATIC"

        var severity: Severity {
            switch self {
            case .noDollar, .noPath, .staticResult: .warning
            default: .error
            }
        }
    }

    /// The form of one finding within the message of `InvalidDefinition`.
    public var line: String {
        "\(code.rawValue): \(message) at \(location ?? "null")"
    }
}

/// Why a text is not a definition: everything that was found, errors and warnings.
public struct DefinitionError: Error, Sendable, Equatable, CustomStringConvertible {
    public let diagnostics: [Diagnostic]

    /// The message of `InvalidDefinition`.
    public var message: String {
        let lines = diagnostics.filter { $0.severity == .error }.map(\.line)
        return "Invalid State Machine Definition: '\(lines.joined(separator: ", "))'"
    }

    public var description: String { message }
}

/// What the parser of one definition has found so far.
final class Findings {
    private(set) var all: [Diagnostic] = []
    /// AWS stops listing at some point; nobody reads the thousandth finding.
    private static let most = 100

    var hasErrors: Bool { all.contains { $0.severity == .error } }

    func add(_ code: Diagnostic.Code, _ message: String, at location: String?) {
        guard all.count < Self.most else { return }
        all.append(Diagnostic(code: code, message: message, location: location))
    }

    func schema(_ message: String, at location: String) { add(.schema, message, at: location) }
}
