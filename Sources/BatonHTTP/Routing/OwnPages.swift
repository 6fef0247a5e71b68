import AWSWire
import BatonCore
import BatonStore
import JSON
import NIOCore

/// What Baton tells of itself: health, metrics, a page for people.
extension Gateway {
    /// nil when the path is none of them.
    func ownPage(_ request: HTTPRequest) -> HTTPResponse? {
        let page: (type: String, text: String)
        switch request.path {
        case "/_baton/health": page = ("application/json", health.text() + "\n")
        case "/_localstack/health": page = ("application/json", localstackHealth.text() + "\n")
        case "/_baton/metrics": page = ("text/plain; version=0.0.4; charset=utf-8", metricsText)
        case "/_baton", "/_baton/": page = ("text/html; charset=utf-8", StatusPage(self).html)
        default:
            guard request.path.hasPrefix("/_baton/") || request.path.hasPrefix("/_localstack/") else { return nil }
            return HTTPResponse(status: 404, headers: ["Content-Type": "text/plain"])
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return HTTPResponse(status: 405, headers: ["Allow": "GET, HEAD"])
        }
        return HTTPResponse(
            headers: [
                "Content-Type": page.type, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            ], body: .bytes(Array(page.text.utf8)))
    }

    var uptimeMs: Int64 { (NIODeadline.now() - startedAt).nanoseconds / 1_000_000 }

    var clockKind: String {
        switch host.clock {
        case is SkippingClock: "skipping"
        case is ControlledClock: "controlled"
        default: "real"
        }
    }

    private var serviceStates: JSON.Object {
        var states: JSON.Object = [:]
        for id in host.registry.ids.sorted() { states[id] = "running" }
        return states
    }

    private var health: JSON {
        [
            "status": "ok", "version": .string(settings.version), "uptimeMs": .number(Int(uptimeMs)),
            "dataFolder": .string(host.store.folder),
            "clock": ["kind": .string(clockKind), "nowMs": .number(Int(host.clock.nowMs))],
            "services": .object(serviceStates),
        ]
    }

    /// The shape that tools written for LocalStack wait for.
    private var localstackHealth: JSON {
        ["services": .object(serviceStates), "edition": "community", "version": .string(settings.version)]
    }

    private var metricsText: String {
        var text = MetricsText()
        let server = statistics
        let store = host.store.count
        text.family("baton_info", "gauge", "Always 1; its label tells the version.")
        text.sample("baton_info", ["version": settings.version], 1)
        text.single("baton_uptime_seconds", "gauge", "Time since the start.", Double(uptimeMs) / 1000)
        text.single("baton_requests_in_flight", "gauge", "Requests being handled.", server.inFlightRequests)
        text.single("baton_connections_open", "gauge", "Open client connections.", server.openConnections)
        text.single(
            "baton_connections_accepted_total", "counter", "Client connections so far.", server.acceptedConnections)
        text.single("baton_store_commits_total", "counter", "Transactions committed.", store.commits)
        text.single(
            "baton_store_writes_total", "counter", "Writes in these transactions; several share one commit.",
            store.closures)
        text.requests(metrics.used)
        return text.text
    }
}

/// A page for people who open the server's address in a browser.
struct StatusPage {
    let gateway: Gateway

    init(_ gateway: Gateway) { self.gateway = gateway }

    var html: String {
        let host = gateway.host
        let store = host.store.count
        let server = gateway.statistics
        let used = gateway.metrics.used
        let rows = host.registry.ids.sorted().map { id in
            let lines = used.filter { $0.line.service == id }
            let total = lines.reduce(0) { $0 + $1.counts.total }
            let failed = lines.reduce(0) { sum, line in
                line.counts.byStatus.reduce(sum) { $1.key >= 500 ? $0 + $1.value : $0 }
            }
            return row(id, "\(host.registry.operations(id).count)", "\(total)", "\(failed)")
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Baton</title>
            <style>body{font:16px system-ui;margin:2em auto;max-width:44em;color:#222}table{border-collapse:collapse}
            td,th{padding:.3em 1em .3em 0;text-align:left}td+td,th+th{text-align:right}</style></head><body>
            <h1>Baton \(UnknownService.escape(gateway.settings.version))</h1>
            <p>Running for \(gateway.uptimeMs / 1000) s, data in \(UnknownService.escape(host.store.folder)),
            \(gateway.clockKind) clock.
            \(server.openConnections) connections, \(server.inFlightRequests) requests in flight,
            \(store.closures) writes in \(store.commits) commits.</p>
            <table><tr><th>Service</th><th>Operations</th><th>Requests</th><th>Failed (5xx)</th></tr>
            \(rows.joined(separator: "\n"))
            </table>
            <p>For programs: /_baton/health, /_baton/metrics</p></body></html>

            """
    }

    private func row(_ cells: String...) -> String {
        "<tr>" + cells.map { "<td>\(UnknownService.escape($0))</td>" }.joined() + "</tr>"
    }
}
