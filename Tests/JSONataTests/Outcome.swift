import JSON

@testable import JSONata

/// What an expression comes to: a value, nothing, or an error.
enum Outcome: Equatable, CustomStringConvertible {
    case value(JSON)
    case nothing
    case failure(JSONataError)

    init(
        _ expression: String, _ input: JSON? = nil, bindings: [String: JSON] = [:], dialect: Dialect = .standard,
        environment: Environment = .fixed
    ) {
        do throws(JSONataError) {
            let parsed = try Expression(expression, dialect: dialect)
            self = try parsed.evaluate(input, bindings: bindings, environment).map { .value($0) } ?? .nothing
        } catch {
            self = .failure(error)
        }
    }

    var description: String {
        switch self {
        case .value(let value): value.text()
        case .nothing: "nothing"
        case .failure(let error):
            ([error.code] + [error.position.map { "at \($0)" }, error.token.map { "token \($0)" }].compactMap { $0 })
                .joined(separator: " ")
        }
    }

    /// Numbers are equal when they are the same number, however they are written.
    static func same(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left.double == right.double
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.members.allSatisfy { member in right[member.key].map { same(member.value, $0) } ?? false }
        default: left == right
        }
    }
}

extension Environment {
    /// 2 January 2024, 03:04:05.678 UTC; one random number; one identifier.
    static let fixed = Environment(
        nowMs: 1_704_164_645_678, random: { 0.5 }, uuid: { "123e4567-e89b-42d3-a456-426614174000" })
}
