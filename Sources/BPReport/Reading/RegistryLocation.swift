/// The registry that a person pointed at, as errors and suggested commands name it.
package struct RegistryLocation: Sendable, Equatable {
    /// The path of a registry that no option and no variable names.
    package static let standard = "bpreg.sqlite"

    /// The path of its file.
    package let path: String
    /// The path with its origin, for the `at:` of an error.
    package let place: String
    /// ` --registry PATH` for a suggested command. It is empty if the path is the usual one or comes from the environment,
    /// which the next command has too.
    package let hint: String

    /// The path `given` by an option, otherwise that of the environment's `variable`, otherwise the usual one.
    package init(given: String?, variable: String? = nil) {
        if let given {
            path = given
            place = "--registry \(ShellText.quoted(given))"
            hint = " --registry " + ShellText.quoted(given)
        } else {
            path = variable.flatMap { $0.isEmpty ? nil : $0 } ?? RegistryLocation.standard
            place =
                path == RegistryLocation.standard
                ? "\(path) (--registry, BPREG_REGISTRY)" : "BPREG_REGISTRY=\(path)"
            hint = ""
        }
    }
}
