import AWSModel
import JSON

/// Errors that belong to the protocols, not to a service.
extension AWSError {
    public static func serialization(_ message: String = "") -> AWSError { AWSError("SerializationException", message) }

    public static func unknownOperation(_ message: String = "") -> AWSError {
        AWSError("UnknownOperationException", message)
    }

    /// S3's answer to a body that is no XML or not the XML of the operation.
    static let malformedXML = AWSError(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")

    /// Query protocol: neither form nor query string names an action.
    static let missingAction = AWSError(
        "MissingAction", "The request must contain the parameter Action", queryCode: "MissingAction")

    static func invalidAction(_ name: String, _ version: String) -> AWSError {
        AWSError("InvalidAction", "Could not find operation \(name) for version \(version)")
    }

    /// Assumed: the code and text of query services for a value of the wrong type.
    static func malformedInput(_ message: String) -> AWSError { AWSError("MalformedInput", message) }

    /// The body is on disk where the protocol needs it in memory.
    static let bodyTooLarge = AWSError("RequestEntityTooLargeException", "Request body is too large", status: 413)
}

/// Texts of type mismatches as AWS's JSON parser writes them, seen from DynamoDB.
enum TypeMismatch {
    /// - Parameters:
    ///   - package: Java package of the service, for example `com.amazonaws.dynamodb.v20120810`.
    ///   - isElement: the value is an element of a list or a value of a map.
    /// - Returns: for example `NUMBER_VALUE cannot be converted to String`.
    static func message(_ value: JSON, _ shape: Shape, package: String, isElement: Bool = false) -> String {
        switch value {
        case .array: return "Unrecognized collection type \(className(shape, package))"
        case .object: return "Start of structure or map found where not expected"
        default: break
        }
        switch shape.kind {
        case .structure: return isElement ? "Unexpected value type in payload" : "Unexpected field type"
        case .list, .map: return "Unexpected field type"
        case .blob: return "only base-64-encoded strings are convertible to bytes"
        case .string, .integer, .long, .float, .double, .boolean, .timestamp:
            if shape.kind == .boolean, case .string = value { return "Unexpected token received from parser" }
            return "\(token(value)) cannot be converted to \(javaName(shape.kind))"
        }
    }

    private static func token(_ value: JSON) -> String {
        switch value {
        case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
        case .number(let number): number.int == nil ? "DECIMAL_VALUE" : "NUMBER_VALUE"
        default: "STRING_VALUE"
        }
    }

    private static func className(_ shape: Shape, _ package: String) -> String {
        switch shape.kind {
        case .structure: return "class \(package).\(shape.name)"
        case .map:
            let value = shape.value?.shape
            let name = value.map { $0.kind == .structure ? "\(package).\($0.name)" : "java.lang.\(javaName($0.kind))" }
            return "java.util.Map<java.lang.String, \(name ?? "java.lang.Object")>"
        case .blob: return "class java.nio.ByteBuffer"
        case .timestamp: return "class java.util.Date"
        default: return "class java.lang.\(javaName(shape.kind))"
        }
    }

    static func javaName(_ kind: Shape.Kind) -> String {
        switch kind {
        case .integer: "Integer"
        case .long: "Long"
        case .float: "Float"
        case .double: "Double"
        case .boolean: "Boolean"
        case .timestamp: "Date"
        case .blob: "Blob"
        default: "String"
        }
    }
}
