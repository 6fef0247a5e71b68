public import JSON

/// A state machine as its author wrote it, parsed and compiled: paths, templates and expressions are ready to evaluate.
public struct Definition: Sendable {
    public let comment: String?
    public let queryLanguage: QueryLanguage
    /// Of the whole execution, seconds.
    public let timeoutSeconds: Int?
    public let graph: StateGraph
}

public enum QueryLanguage: String, Sendable { case jsonPath = "JSONPath", jsonata = "JSONata" }

/// States that belong together: the whole machine, a branch of a Parallel state, the processor of a Map state.
public struct StateGraph: Sendable {
    public let startAt: String
    public let states: [String: State]

    public init(startAt: String, states: [String: State]) {
        self.startAt = startAt
        self.states = states
    }

    /// The state of that name, here or in a Parallel or Map state: names are unique in a definition.
    public func state(named name: String) -> State? {
        if let state = states[name] { return state }
        for state in states.values {
            switch state.kind {
            case .parallel(let graphs):
                for graph in graphs {
                    if let found = graph.state(named: name) { return found }
                }
            case .map(let fields):
                if let found = fields.processor.state(named: name) { return found }
            default: break
            }
        }
        return nil
    }

    /// The Map state of that name.
    public func map(named name: String) -> MapFields? {
        if case .map(let fields)? = state(named: name)?.kind { return fields }
        return nil
    }
}

/// One state: the fields that all kinds share, and what its kind adds. A reference, since every step takes it at hand.
public final class State: Sendable {
    public let name: String
    public let queryLanguage: QueryLanguage
    public let kind: Kind
    /// nil: the state ends its graph (`End`, Succeed, Fail), or chooses itself (Choice).
    public let next: String?

    // JSONPath. A nil template means: as it is.
    public let inputPath: PathField
    public let parameters: Template?
    public let resultSelector: Template?
    public let resultPath: ResultPath
    public let outputPath: PathField

    // JSONata.
    public let arguments: Template?
    public let output: Template?

    public let assign: Template?
    public let retry: [Retrier]
    public let catchers: [Catcher]

    init(
        name: String, queryLanguage: QueryLanguage, kind: Kind, next: String?, inputPath: PathField,
        parameters: Template?, resultSelector: Template?, resultPath: ResultPath, outputPath: PathField,
        arguments: Template?, output: Template?, assign: Template?, retry: [Retrier], catchers: [Catcher]
    ) {
        self.name = name
        self.queryLanguage = queryLanguage
        self.kind = kind
        self.next = next
        self.inputPath = inputPath
        self.parameters = parameters
        self.resultSelector = resultSelector
        self.resultPath = resultPath
        self.outputPath = outputPath
        self.arguments = arguments
        self.output = output
        self.assign = assign
        self.retry = retry
        self.catchers = catchers
        passesOn = Self.passesOn(
            parameters, resultSelector, output, assign, inputPath, resultPath, outputPath)
    }

    /// Whether the state's input leaves it as it is, when it adds nothing.
    let passesOn: Bool

    private static func passesOn(
        _ parameters: Template?, _ resultSelector: Template?, _ output: Template?, _ assign: Template?,
        _ inputPath: PathField, _ resultPath: ResultPath, _ outputPath: PathField
    ) -> Bool {
        guard parameters == nil, resultSelector == nil, output == nil, assign == nil, case .whole = inputPath,
            case .replace = resultPath, case .whole = outputPath
        else { return false }
        return true
    }

    public enum Kind: Sendable {
        case pass(result: JSON?)
        case task(TaskFields)
        case choice([ChoiceRule], default: String?)
        case wait(WaitUntil)
        case succeed
        case fail(error: TextField?, cause: TextField?)
        case parallel([StateGraph])
        case map(MapFields)
    }
}

/// `InputPath` and `OutputPath`.
public enum PathField: Sendable {
    /// `$`, also when absent.
    case whole
    /// `null`: the empty object.
    case discard
    case path(Path)
}

public enum ResultPath: Sendable {
    /// `$`, also when absent: the result replaces the input.
    case replace
    /// `null`: the input goes on.
    case discard
    case insert(ReferencePath)
}

/// A text that may be computed.
public enum TextField: Sendable {
    case literal(String)
    /// A reference path or an intrinsic function (`ErrorPath`, `CausePath`), or a JSONata expression, with the name of
    /// the field.
    case computed(Template, field: String)
}

/// A number that may be computed: seconds, a limit, a percentage.
public enum NumberField: Sendable {
    case literal(Double)
    case computed(Template, NumberRule)
}

public struct TaskFields: Sendable {
    /// The `Resource` as written.
    public let resource: String
    public let timeoutSeconds: NumberField?
    public let heartbeatSeconds: NumberField?
    /// `Credentials`.
    public let credentials: Template?
}

public enum WaitUntil: Sendable {
    case seconds(NumberField)
    /// An RFC 3339 time: literal, path or expression.
    case timestamp(TextField)
}

public struct Retrier: Sendable {
    public let errorEquals: [String]
    /// Seconds before the first retry.
    public let intervalSeconds: Int
    public let maxAttempts: Int
    public let backoffRate: Double
    public let maxDelaySeconds: Int?
    public let hasFullJitter: Bool
}

public struct Catcher: Sendable {
    public let errorEquals: [String]
    public let next: String
    public let resultPath: ResultPath
    public let output: Template?
    public let assign: Template?
}

public struct ChoiceRule: Sendable {
    public let condition: Condition
    public let next: String
    public let output: Template?
    public let assign: Template?
}

public struct MapFields: Sendable {
    public let processor: StateGraph
    public let isDistributed: Bool
    /// `ExecutionType` of `ProcessorConfig`.
    public let isExpress: Bool
    /// JSONPath `ItemsPath`, or JSONata `Items` (an array or an expression).
    public let items: Template?
    /// `ItemSelector`, or `Parameters` of the older form.
    public let itemSelector: Template?
    public let itemReader: ItemReader?
    public let itemBatcher: ItemBatcher?
    public let resultWriter: ResultWriter?
    /// 0: no limit.
    public let maxConcurrency: NumberField?
    public let toleratedFailureCount: NumberField?
    public let toleratedFailurePercentage: NumberField?
    public let label: String?
}

public struct ItemReader: Sendable {
    public let resource: String
    public let arguments: Template?
    /// `ReaderConfig`: `InputType`, `CSVHeaderLocation`, `CSVHeaders`, `CSVDelimiter` …
    public let configuration: Template?
    /// `MaxItems` or `MaxItemsPath` of the `ReaderConfig`. 0: no limit.
    public let maxItems: NumberField?
}

public struct ItemBatcher: Sendable {
    public let maxItemsPerBatch: NumberField?
    public let maxInputBytesPerBatch: NumberField?
    public let batchInput: Template?
}

public struct ResultWriter: Sendable {
    public let resource: String?
    public let arguments: Template?
    /// `WriterConfig`: `Transformation`, `OutputType`.
    public let configuration: Template?
}
