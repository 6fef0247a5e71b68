import AWSWire
import BatonCore
import JSON

/// Pages of lists: 100 items when the caller names no number (or 0), 1,000 at most.
enum Paging {
    static func size(_ asked: Int?) -> Int {
        guard let asked, asked > 0 else { return 100 }
        return min(asked, 1000)
    }

    /// The place behind which to go on.
    /// Errors: InvalidToken.
    static func place(_ token: String?) throws(AWSError) -> JSON? {
        guard let token else { return nil }
        guard let place = PageToken.decode(token) else { throw StepFunctionsError.invalidPageToken }
        return place
    }

    /// Of one row more than a page holds: the page, and the token when there is more.
    static func cut<T>(_ rows: [T], _ size: Int, _ place: (T) -> JSON) -> ([T], String?) {
        guard rows.count > size, let last = rows.prefix(size).last else { return (rows, nil) }
        return (Array(rows.prefix(size)), PageToken.encode(place(last)))
    }
}
