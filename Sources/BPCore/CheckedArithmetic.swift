/// a · b, or `CoreError.tooLarge` where no integer holds it.
func multiply(_ a: Int, _ b: Int, _ what: @autoclosure () -> String) throws(CoreError) -> Int {
    let product = a.multipliedReportingOverflow(by: b)
    if product.overflow { throw .tooLarge(what()) }
    return product.partialValue
}

/// a + b, or `CoreError.tooLarge` where no integer holds it.
func add(_ a: Int, _ b: Int, _ what: @autoclosure () -> String) throws(CoreError) -> Int {
    let sum = a.addingReportingOverflow(b)
    if sum.overflow { throw .tooLarge(what()) }
    return sum.partialValue
}
