import ArgumentParser
import BatonCore
import BatonStore
import Foundation

/// `baton reset`: an empty Baton again.
struct Reset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Delete everything in the data folder.",
        discussion: "Refuses while a Baton runs on the folder. Asks first, unless --yes is given.")

    @Option(help: "Data folder.")
    var data = ".baton"

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func run() async throws {
        guard FileManager.default.fileExists(atPath: data + "/baton.db") else {
            return say("Nothing to delete: \(data) holds no database.", deleted: false)
        }
        if !yes {
            print("Delete everything in \(data)? [y/N] ", terminator: "")
            fflush(nil)
            guard readLine()?.lowercased() == "y" else { return say("Nothing was deleted.", deleted: false) }
        }
        // Only a store that could be locked is not in use. A damaged one must be deletable too.
        do {
            let store = try Store(
                .folder(data), clock: RealClock(),
                migrations: Composition.services().flatMap { type(of: $0).migrations })
            await store.close()
        } catch let error as StoreError {
            if case .inUse = error { throw Failure(error) }
        }
        try FileManager.default.removeItem(atPath: data)
        say("Deleted \(data).", deleted: true)
    }

    private func say(_ text: String, deleted: Bool) {
        print(json ? "{\"deleted\":\(deleted)}" : text)
    }
}
