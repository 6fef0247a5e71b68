import AWSWire

/// What kind of process serves a runtime identifier.
enum RuntimeKind: Sendable, Hashable {
    /// The package's own `bootstrap` speaks the Runtime API.
    case provided
    /// `version` as in `3.12`.
    case python(version: String)
    /// `version` as in `22`.
    case node(version: String)

    /// Errors: InvalidParameterValueException for runtimes that Baton cannot run.
    init(_ runtime: String) throws(AWSError) {
        if runtime == "provided" || runtime == "provided.al2" || runtime == "provided.al2023" {
            self = .provided
        } else if runtime.hasPrefix("python3.") {
            self = .python(version: String(runtime.dropFirst(6)))
        } else if runtime.hasPrefix("nodejs"), runtime.hasSuffix(".x") {
            self = .node(version: String(runtime.dropFirst(6).dropLast(2)))
        } else {
            throw LambdaError.invalid(
                "Baton runs provided, provided.al2, provided.al2023, python3.* and nodejs*.x functions; the runtime"
                    + " \(runtime) is not among them. Build the function as a custom runtime (provided.al2023) instead."
            )
        }
    }
}
