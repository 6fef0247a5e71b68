import ArgumentParser
import BatonStore
import Foundation
import JSON
import JSONata

/// `baton jsonata`: evaluates one JSONata expression.
struct EvaluateJSONata: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jsonata",
        abstract: "Evaluate a JSONata expression.",
        discussion: """
            Prints the result as JSON, or nothing when there is none. An error goes to standard error as \
            {"code","position","token","message"}, with exit status 1.

              baton jsonata '$sum(items.(price * quantity))' --input order.json
              echo '[3, 1, 2]' | baton jsonata '$sort($)' --input -
              baton jsonata '$states.input.id' --bindings bindings.json --dialect step-functions

            An expression that begins with a dash stands behind `--`.
            """)

    enum DialectName: String, ExpressibleByArgument, CaseIterable {
        case standard
        case stepFunctions = "step-functions"
    }

    @Argument(help: "The expression; - reads it from standard input.")
    var expression: String

    @Option(help: "A JSON file that the expression sees as its input ($); - is standard input.")
    var input: String?

    @Option(help: "A JSON file with an object: values of variables, by name without the dollar sign.")
    var bindings: String?

    @Option(help: "standard, or step-functions: as AWS Step Functions reads {% … %}.")
    var dialect = DialectName.standard

    @Option(name: .customLong("time-limit"), help: "Milliseconds after which the evaluation is cut off.")
    var timeLimitMs = 5_000

    func validate() throws {
        guard [expression, input, bindings].count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Only one of them can be standard input.")
        }
        guard timeLimitMs > 0 else { throw ValidationError("--time-limit must be at least 1.") }
    }

    func run() async throws {
        let random = RandomSource()
        var environment = JSONata.Environment(
            nowMs: RealClock().nowMs, random: { Self.unit(random) }, uuid: { random.uuid() })
        environment.timeLimitMs = timeLimitMs
        let source = expression == "-" ? String(decoding: try Self.read("-"), as: UTF8.self) : expression
        let document = try input.map { try Self.json($0) }
        var variables: [String: JSON] = [:]
        if let bindings {
            guard case .object(let object) = try Self.json(bindings) else {
                throw Failure("\(bindings) is not a JSON object.")
            }
            for (name, value) in object { variables[name] = value }
        }
        do throws(JSONataError) {
            let parsed = try JSONata.Expression(source, dialect: dialect == .standard ? .standard : .stepFunctions)
            if let result = try parsed.evaluate(document, bindings: variables, environment) { print(result.text()) }
        } catch {
            throw Self.exit(error)
        }
    }

    /// From 0 to below 1.
    static func unit(_ random: RandomSource) -> Double {
        let bits = random.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bits >> 11) * 0x1p-53
    }

    private static func read(_ path: String) throws -> Data {
        if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure("\(path) cannot be read.")
        }
    }

    private static func json(_ path: String) throws -> JSON {
        let data = try read(path)
        do {
            return try JSON.parse(data)
        } catch {
            guard error.reason == "nested too deeply" else { throw Failure("\(path) is not JSON: \(error)") }
            let message = "\(path) is nested more than \(JSON.defaultDepth) levels deep"
            throw exit(JSONataError(code: "U1001", position: nil, token: nil, message: message))
        }
    }

    /// Prints an error as an object, leaving out what it does not know.
    private static func exit(_ error: JSONataError) -> ExitCode {
        var object: JSON.Object = ["code": .string(error.code)]
        if let position = error.position { object["position"] = .number(position) }
        if let token = error.token { object["token"] = .string(token) }
        object["message"] = .string(error.message)
        FileHandle.standardError.write(Data((JSON.object(object).text() + "\n").utf8))
        return .failure
    }
}
