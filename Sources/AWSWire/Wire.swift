/// How one request and its answer are written.
public enum Wire: Sendable, Equatable {
    /// AWS JSON, version `1.0` or `1.1`.
    case json(version: String)
    case query
    case restJSON
    case restXML
}

/// What the codecs take before they refuse.
public enum WireLimits {
    /// Levels of JSON and XML bodies and of dotted form names.
    public static let depth = 128
}
