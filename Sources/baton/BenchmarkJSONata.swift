import ArgumentParser
import BatonStore
import Foundation
import JSON
import JSONata

/// Times JSONata expressions over one document: parsed once, evaluated often, as a state machine does.
struct BenchmarkJSONata: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-jsonata", abstract: "Time JSONata expressions, for the benchmarks.", shouldDisplay: false)

    @Option(help: "The document.")
    var input: String

    @Option(help: "How long each expression is measured.")
    var milliseconds = 300

    @Argument(help: "The expressions.")
    var expressions: [String]

    func run() async throws {
        let document = try JSON.parse(try Data(contentsOf: URL(fileURLWithPath: input)))
        let random = RandomSource()
        let environment = JSONata.Environment(
            nowMs: RealClock().nowMs, random: { EvaluateJSONata.unit(random) }, uuid: { random.uuid() })
        for source in expressions {
            let expression = try JSONata.Expression(source)
            var best = Double.infinity
            for _ in 0..<5 {
                let start = ContinuousClock.now
                let end = start + .milliseconds(milliseconds / 5)
                var count = 0
                while ContinuousClock.now < end {
                    for _ in 0..<10 { _ = try expression.evaluate(document, environment) }
                    count += 10
                }
                best = min(best, (ContinuousClock.now - start) / .microseconds(1) / Double(count))
            }
            print(JSON.object(["expression": .string(source), "microseconds": .number(best)]).text())
        }
    }
}
