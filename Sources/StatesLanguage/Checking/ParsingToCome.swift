extension Definition {
    public init(parsing text: String) throws {
        throw StatesError("States.Runtime", "no parser yet")
    }
}
