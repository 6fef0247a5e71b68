/// The variables of one scope: a block, a call, a step of a tuple stream. Names are numbers, given by the parser.
final class Frame: Cell {
    private(set) var parent: Frame?
    private var symbol = -1
    private var value = Value.undefined
    private var more: [Binding]

    init(_ parent: Frame?, _ bindings: [Binding] = []) {
        self.parent = parent
        more = bindings
        super.init()
        if let parent { adopt(parent) }
        for binding in bindings { adopt(binding.value) }
    }

    deinit { unwind() }

    func bind(_ symbol: Int, _ value: Value) {
        adopt(value)
        if self.symbol == symbol || (self.symbol < 0 && more.isEmpty) {
            self.symbol = symbol
            self.value = value
        } else {
            more.bind(symbol, value)
        }
    }

    /// nil when no scope binds the name. A name that is bound to nothing hides those outside.
    func lookup(_ symbol: Int) -> Value? {
        var frame: Frame? = self
        while let current = frame {
            if current.symbol == symbol { return current.value }
            for binding in current.more where binding.symbol == symbol { return binding.value }
            frame = current.parent
        }
        return nil
    }

    func clear() {
        value = .undefined
        more = []
    }

    override func drain(into pending: inout [Cell]) {
        if let parent { pending.append(parent) }
        parent = nil
        if let cell = value.cell { pending.append(cell) }
        value = .undefined
        for binding in more { if let cell = binding.value.cell { pending.append(cell) } }
        more = []
    }
}
