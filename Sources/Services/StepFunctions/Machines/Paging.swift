import AWSWire
import BatonCore
import GRDB
import JSON

/// What lists without conditions take.
struct PageInput: Decodable, Sendable {
    let maxResults: Int?
    let nextToken: String?
}

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

    /// One page of a list, and the token when there is more.
    /// - Parameters:
    ///   - rows: reads at most a number of rows behind the place of the last page.
    ///   - place: where a row stands in the list.
    /// Errors: InvalidToken.
    static func read<T>(
        _ maxResults: Int?, _ token: String?, _ context: Context,
        rows: (_ after: JSON?, _ limit: Int, Database) throws -> [T], place: (T) -> JSON
    ) throws(AWSError) -> ([T], String?) {
        let size = size(maxResults)
        let after = try Self.place(token)
        return cut(try context.read { db in try rows(after, size + 1, db) }, size, place)
    }
}
