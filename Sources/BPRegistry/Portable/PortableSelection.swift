/// What is to leave a registry. Its unit is the whole run: whatever is named comes with the runs that computed it, and
/// with the runs that those were forked from.
public enum PortableSelection: Sendable, Equatable {
    /// A run and its ancestors.
    case run(Int)
    /// The run that computed a version's weights, and its ancestors.
    case version(model: String, number: Int)
    /// The runs of a model, those that computed its versions' weights, and the ancestors of all.
    case model(String)
    /// Everything.
    case all
}
