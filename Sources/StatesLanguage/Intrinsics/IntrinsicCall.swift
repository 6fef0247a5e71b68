import JSON

/// A compiled call of an intrinsic function, `States.Format('{}', $.name)`.
struct IntrinsicCall: Sendable {
    let function: IntrinsicFunction
    let arguments: [Argument]
    /// As written.
    let source: String

    enum Argument: Sendable {
        case literal(JSON)
        case path(Path)
        indirect case call(IntrinsicCall)
    }

    /// Errors: `States.Runtime`, for arguments that are not there and for those that the function refuses.
    func evaluate(_ scope: Scope) throws(StatesError) -> JSON {
        do {
            return try value(scope)
        } catch {
            throw StatesError("States.Runtime", "The function '\(source)' had the following error: \(error.reason)")
        }
    }

    private func value(_ scope: Scope) throws(Failure) -> JSON {
        var values: [JSON] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments {
            switch argument {
            case .literal(let value): values.append(value)
            case .call(let call): values.append(try call.value(scope))
            case .path(let path):
                guard let value = path.find(scope) else { throw .missing(path, scope) }
                values.append(value)
            }
        }
        do {
            return try function.apply(values, scope.environment)
        } catch {
            throw .refused(function, error)
        }
    }

    /// Why a call failed; the error names the outermost call only.
    private struct Failure: Error {
        let reason: String

        static func missing(_ path: Path, _ scope: Scope) -> Failure {
            let searched = path.root == .context ? scope.context : scope.input
            return Failure(
                reason: "The JsonPath argument for the field '\(path.source)' could not be found in the input "
                    + "'\(searched.text())'")
        }

        static func refused(_ function: IntrinsicFunction, _ failure: IntrinsicFailure) -> Failure {
            Failure(
                reason: "Invalid arguments in \(function.rawValue)" + (failure.detail.map { ": \($0)" } ?? ""))
        }
    }
}

/// A function refused its arguments.
struct IntrinsicFailure: Error {
    var detail: String?
}

/// The 18 intrinsic functions.
enum IntrinsicFunction: String, Sendable, CaseIterable {
    case array = "States.Array"
    case arrayPartition = "States.ArrayPartition"
    case arrayContains = "States.ArrayContains"
    case arrayRange = "States.ArrayRange"
    case arrayGetItem = "States.ArrayGetItem"
    case arrayLength = "States.ArrayLength"
    case arrayUnique = "States.ArrayUnique"
    case base64Encode = "States.Base64Encode"
    case base64Decode = "States.Base64Decode"
    case hash = "States.Hash"
    case jsonMerge = "States.JsonMerge"
    case stringToJson = "States.StringToJson"
    case jsonToString = "States.JsonToString"
    case mathRandom = "States.MathRandom"
    case mathAdd = "States.MathAdd"
    case stringSplit = "States.StringSplit"
    case uuid = "States.UUID"
    case format = "States.Format"

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .array: 0...Int.max
        case .format: 1...Int.max
        case .uuid: 0...0
        case .arrayLength, .arrayUnique, .base64Encode, .base64Decode, .stringToJson, .jsonToString: 1...1
        case .arrayPartition, .arrayContains, .arrayGetItem, .hash, .mathAdd, .stringSplit: 2...2
        case .mathRandom: 2...3
        case .arrayRange, .jsonMerge: 3...3
        }
    }
}
