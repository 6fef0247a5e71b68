/// Turns a pattern into instructions. What stands behind `(?<=` is matched backwards, from right to left.
struct RegexCompiler {
    /// Longest program: a bounded repetition is written out once a round only where that is short.
    private static let longest = 200_000

    let ignoresCase: Bool
    private(set) var program: [Instruction] = []
    private(set) var registerCount = 0
    private var names: [String: Int] = [:]

    init(ignoresCase: Bool) { self.ignoresCase = ignoresCase }

    mutating func compile(_ tree: RegexTree, groups: Int, names: [String: Int]) throws(Failure) {
        self.names = names
        program.append(.save(0))
        emit(tree, backward: false)
        program.append(.save(1))
        program.append(.accept)
        guard program.count <= Self.longest else { throw Failure.tooLarge() }
    }

    private mutating func emit(_ tree: RegexTree, backward: Bool) {
        switch tree {
        case .empty: break
        case .unit(let unit):
            let variants = ignoresCase ? CaseFolding.variants(unit).filter { $0 != unit } : []
            if variants.isEmpty {
                program.append(.unit(unit, backward: backward))
            } else {
                program.append(.set(UnitSet(([unit] + variants).map { $0...$0 }), backward: backward))
            }
        case .set(let set): program.append(.set(ignoresCase ? set.ignoringCase() : set, backward: backward))
        case .any: program.append(.any(backward: backward))
        case .sequence(let terms):
            for term in backward ? terms.reversed() : terms { emit(term, backward: backward) }
        case .alternatives(let choices): emit(alternatives: choices, backward)
        case .group(let inner, let number):
            program.append(.save(2 * number + (backward ? 1 : 0)))
            emit(inner, backward: backward)
            program.append(.save(2 * number + (backward ? 0 : 1)))
        case .repetition(let inner, let least, let most, let isGreedy, let groups):
            emit(repetition: inner, least, most, isGreedy, groups, backward)
        case .lineStart: program.append(.lineStart)
        case .lineEnd: program.append(.lineEnd)
        case .boundary(let isBoundary): program.append(.boundary(isBoundary))
        case .reference(let number): program.append(.reference(number, backward: backward))
        case .namedReference(let name): program.append(.reference(names[name] ?? 0, backward: backward))
        case .look(let inner, let ahead, let isNegative):
            let start = program.count
            program.append(.accept)
            emit(inner, backward: !ahead)
            program.append(.accept)
            program[start] = .look(ahead: ahead, isNegative: isNegative, end: program.count)
        }
    }

    private mutating func emit(alternatives choices: [RegexTree], _ backward: Bool) {
        var exits: [Int] = []
        for (index, choice) in choices.enumerated() {
            guard index < choices.count - 1 else {
                emit(choice, backward: backward)
                break
            }
            let split = program.count
            program.append(.accept)
            emit(choice, backward: backward)
            exits.append(program.count)
            program.append(.accept)
            program[split] = .split(split + 1, program.count)
        }
        for exit in exits { program[exit] = .jump(program.count) }
    }

    private mutating func emit(
        repetition inner: RegexTree, _ least: Int, _ most: Int?, _ isGreedy: Bool, _ groups: Range<Int>,
        _ backward: Bool
    ) {
        if most == 0 { return }
        guard least > 0 || (most ?? 1) > 1 else {
            let choice = program.count
            program.append(.accept)
            emit(round: inner, groups, backward)
            if most == nil { program.append(.jump(choice)) }
            program[choice] = isGreedy ? .split(choice + 1, program.count) : .split(program.count, choice + 1)
            return
        }
        let counter = registerCount
        registerCount += 1
        program.append(.setRegister(counter, 0))
        let loop = program.count
        let head = most == nil ? 2 : 4
        let body = loop + head
        program.append(.jumpIfBelow(counter, least, to: body))
        if let most { program.append(.jumpIfBelow(counter, most, to: loop + 3)) }
        let leave = program.count
        if most != nil { program.append(.accept) }
        let choice = program.count
        program.append(.accept)
        emit(round: inner, groups, backward, required: (counter, least))
        program.append(.count(counter))
        program.append(.jump(loop))
        let exit = program.count
        if most != nil { program[leave] = .jump(exit) }
        program[choice] = isGreedy ? .split(body, exit) : .split(exit, body)
    }

    /// One round. One that matches nothing is refused, unless it is among those required.
    private mutating func emit(
        round inner: RegexTree, _ groups: Range<Int>, _ backward: Bool, required: (counter: Int, least: Int)? = nil
    ) {
        if !groups.isEmpty { program.append(.forget(groups.lowerBound + 1, groups.upperBound + 1)) }
        switch inner {
        case .unit, .set, .any: return emit(inner, backward: backward)
        default: break
        }
        let mark = registerCount
        registerCount += 1
        program.append(.mark(mark))
        emit(inner, backward: backward)
        if let required {
            program.append(.jumpIfBelow(required.counter, required.least, to: program.count + 2))
        }
        program.append(.progress(mark))
    }
}
