import BatonProcess

/// What runs programs so that they survive Baton.
protocol JobEngine: AnyObject, Sendable {
    /// Jobs may come soon.
    func prepare()
    func start(_ launch: JobLaunch, _ handlers: JobProcesses.Handlers)
    /// Watches again what was started before a restart; false when it never began, and never will.
    func attach(_ folder: JobFolder, mark: String, _ handlers: JobProcesses.Handlers) -> Bool
    /// Asks a program to end, with the grace time of its launch.
    func terminate(_ folder: JobFolder)
    /// Watches nothing any more; the programs go on.
    func stop()
}

extension JobProcesses: JobEngine {}
