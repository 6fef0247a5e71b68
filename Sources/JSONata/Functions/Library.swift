/// The built-in functions of each dialect, by name.
enum Library {
    static func functions(_ dialect: Dialect) -> [String: Function] {
        switch dialect {
        case .standard: standard.functions
        case .stepFunctions: stepFunctions.functions
        }
    }

    /// Functions are shared by all evaluations: nothing about them ever changes.
    private struct Table: @unchecked Sendable {
        let functions: [String: Function]

        init(_ natives: [Native]) {
            functions = Dictionary(
                natives.map { ($0.name, Function(.native($0))) }, uniquingKeysWith: { _, last in last })
        }
    }

    private static let common =
        aggregation + strings + patterns + encodings + numbers + logic + arrays + objects + higherOrder + times

    private static let standard = Table(common + [evaluation])
    private static let stepFunctions = Table(common + stepFunctionsOnly)
}
