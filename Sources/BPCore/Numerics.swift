/// The version of every definition that decides a bit: orders of summation, polynomials, draws of the generator.
///
/// The same (specification, data, seed) gives the same bits under the same version; a change to any of them raises it.
public let numericsVersion = 1
