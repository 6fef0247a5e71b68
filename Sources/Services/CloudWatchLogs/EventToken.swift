/// The tokens of GetLogEvents: a place between two events and a direction, in the form of AWS's
/// (`f/` or `b/`, 56 digits, `/s`).
struct EventToken: Sendable, Equatable {
    enum Direction: String, Sendable { case forward = "f", backward = "b" }

    let direction: Direction
    /// The event beside the place.
    let atMs: Int64
    let id: Int64

    init(_ direction: Direction, atMs: Int64, id: Int64) {
        self.direction = direction
        self.atMs = atMs
        self.id = id
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "s", parts[1].utf8.count == 56,
            let direction = Direction(rawValue: String(parts[0])), let atMs = Int64(parts[1].prefix(28)),
            let id = Int64(parts[1].suffix(28)), atMs >= 0, id >= 0
        else { return nil }
        self.init(direction, atMs: atMs, id: id)
    }

    var text: String { "\(direction.rawValue)/\(pad(atMs))\(pad(id))/s" }

    private func pad(_ number: Int64) -> String {
        let digits = String(max(0, number))
        return String(repeating: "0", count: max(0, 28 - digits.utf8.count)) + digits
    }
}
