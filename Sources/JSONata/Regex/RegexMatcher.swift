/// Executes a compiled pattern. What can still be tried is kept in a list, not on the stack, and every step is
/// counted against the time of the evaluation: no pattern hangs, none runs out of stack.
struct RegexMatcher {
    /// How much may be waiting to be tried.
    private static let mostPending = 4_000_000

    private enum Pending {
        case branch(address: Int, at: Int)
        case slot(Int, Int)
        case register(Int, Int)
    }

    private let regex: Regex
    private let units: [UInt16]
    private let machine: Machine
    private var slots: [Int]
    private var registers: [Int]
    private var pending: [Pending] = []

    private init(_ regex: Regex, _ units: [UInt16], _ machine: Machine) {
        self.regex = regex
        self.units = units
        self.machine = machine
        slots = [Int](repeating: -1, count: 2 * (regex.groupCount + 1))
        registers = [Int](repeating: 0, count: regex.registerCount)
    }

    /// The first match at or behind `from`.
    static func first(
        _ regex: Regex, _ subject: Subject, from: Int, _ machine: Machine
    ) throws(Failure) -> Match? {
        var matcher = RegexMatcher(regex, subject.units, machine)
        guard from <= subject.units.count else { return nil }
        for start in from...subject.units.count {
            try machine.tick()
            if let first = matcher.firstUnit, start == subject.units.count || subject.units[start] != first { continue }
            for index in matcher.slots.indices { matcher.slots[index] = -1 }
            matcher.pending.removeAll(keepingCapacity: true)
            if try matcher.run(from: 0, at: start) != nil { return matcher.match }
        }
        return nil
    }

    /// The unit with which every match begins, where there is one.
    private var firstUnit: UInt16? {
        if regex.program.count > 1, case .unit(let unit, backward: false) = regex.program[1] { return unit }
        return nil
    }

    private var match: Match {
        Match(
            bounds: stride(from: 0, to: slots.count, by: 2).map { index in
                slots[index] < 0 || slots[index + 1] < 0 ? nil : (slots[index], slots[index + 1])
            })
    }

    /// Runs up to `accept`; nil when nothing that could be tried matches.
    private mutating func run(from address: Int, at position: Int) throws(Failure) -> Int? {
        let floor = pending.count
        var address = address
        var at = position
        while true {
            try machine.tick()
            var isMatching = true
            switch regex.program[address] {
            case .accept: return at
            case .unit(let unit, let backward):
                let found = unitAt(at, backward)
                isMatching = found >= 0 && UInt16(truncatingIfNeeded: found) == unit
                at += backward ? -1 : 1
                address += 1
            case .set(let set, let backward):
                let found = unitAt(at, backward)
                isMatching = found >= 0 && set.contains(UInt16(truncatingIfNeeded: found))
                at += backward ? -1 : 1
                address += 1
            case .any(let backward):
                let found = unitAt(at, backward)
                isMatching = found >= 0 && !Self.endsLine(found)
                at += backward ? -1 : 1
                address += 1
            case .split(let first, let second):
                guard pending.count < Self.mostPending else { throw Failure.tooLong() }
                pending.append(.branch(address: second, at: at))
                address = first
            case .jump(let target): address = target
            case .save(let slot):
                keep(slot: slot, at)
                address += 1
            case .forget(let first, let last):
                for slot in 2 * first..<2 * last { keep(slot: slot, -1) }
                address += 1
            case .setRegister(let register, let value):
                keep(register: register, value)
                address += 1
            case .count(let register):
                keep(register: register, registers[register] + 1)
                address += 1
            case .mark(let register):
                keep(register: register, at)
                address += 1
            case .progress(let register):
                isMatching = registers[register] != at
                address += 1
            case .jumpIfBelow(let register, let bound, let target):
                address = registers[register] < bound ? target : address + 1
            case .lineStart, .lineEnd, .boundary:
                isMatching = holds(regex.program[address], at)
                address += 1
            case .reference(let group, let backward):
                if let length = referenced(group, at, backward) {
                    at += backward ? -length : length
                } else {
                    isMatching = false
                }
                address += 1
            case .look(_, let isNegative, let end):
                isMatching = try look(from: address + 1, at: at) != isNegative
                address = end
            }
            if isMatching { continue }
            guard let branch = backtrack(to: floor) else { return nil }
            (address, at) = branch
        }
    }

    /// Goes back to the last choice above `floor`, and undoes what was kept since.
    private mutating func backtrack(to floor: Int) -> (Int, Int)? {
        while pending.count > floor {
            switch pending.removeLast() {
            case .branch(let address, let at): return (address, at)
            case .slot(let slot, let value): slots[slot] = value
            case .register(let register, let value): registers[register] = value
            }
        }
        return nil
    }

    /// What lies ahead or behind is decided once: its choices are dropped, what it captured stays.
    private mutating func look(from address: Int, at position: Int) throws(Failure) -> Bool {
        let floor = pending.count
        guard try run(from: address, at: position) != nil else { return false }
        var kept: [Pending] = []
        for item in pending[floor...] {
            if case .branch = item { continue }
            kept.append(item)
        }
        pending.removeSubrange(floor...)
        pending += kept
        return true
    }

    private mutating func keep(slot: Int, _ value: Int) {
        pending.append(.slot(slot, slots[slot]))
        slots[slot] = value
    }

    private mutating func keep(register: Int, _ value: Int) {
        pending.append(.register(register, registers[register]))
        registers[register] = value
    }

    // MARK: - Tests

    private func unitAt(_ at: Int, _ backward: Bool) -> Int {
        let index = backward ? at - 1 : at
        return index >= 0 && index < units.count ? Int(units[index]) : -1
    }

    private static func endsLine(_ unit: Int) -> Bool {
        unit == 0x0A || unit == 0x0D || unit == 0x2028 || unit == 0x2029
    }

    private func holds(_ test: Instruction, _ at: Int) -> Bool {
        let isMultiline = regex.flags.contains(.multiline)
        switch test {
        case .lineStart: return at == 0 || isMultiline && Self.endsLine(unitAt(at, true))
        case .lineEnd: return at == units.count || isMultiline && Self.endsLine(unitAt(at, false))
        case .boundary(let isBoundary): return (isWord(unitAt(at, true)) != isWord(unitAt(at, false))) == isBoundary
        default: return false
        }
    }

    private func isWord(_ unit: Int) -> Bool { unit >= 0 && UnitSet.word.contains(UInt16(truncatingIfNeeded: unit)) }

    /// How long the text of a group is, when it stands here too. A group that took no part is empty.
    private func referenced(_ group: Int, _ at: Int, _ backward: Bool) -> Int? {
        let start = slots[2 * group]
        let end = slots[2 * group + 1]
        guard start >= 0, end >= start else { return 0 }
        let length = end - start
        let from = backward ? at - length : at
        guard from >= 0, from + length <= units.count else { return nil }
        let ignoresCase = regex.flags.contains(.ignoreCase)
        for offset in 0..<length {
            let one = units[start + offset]
            let other = units[from + offset]
            guard one == other || ignoresCase && CaseFolding.upper(one) == CaseFolding.upper(other) else { return nil }
        }
        return length
    }
}
