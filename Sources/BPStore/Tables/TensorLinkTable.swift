import BPSQLite

/// A row that has tensors by name: a keyframe or a version.
package protocol TensorOwner: SealedRow {
    /// The table that links its rows to tensors. The key is the owner's and the name.
    static var links: SealedTable { get }

    var id: Int { get }
    /// The number of its tensors.
    var tensors: Int { get }
}

extension SealedTable {
    /// The table of links from the rows of table `owner` to tensors.
    static func tensorLinks(from owner: String) -> SealedTable {
        SealedTable("\(owner)_tensor", key: [owner, "name"], ["tensor"])
    }
}

extension SealedTable.Count {
    /// The column of table `owner` that counts these links.
    static func tensorLinks(from owner: String) -> SealedTable.Count {
        SealedTable.Count(column: "tensors", table: "\(owner)_tensor", condition: "child.\(owner) = parent.id")
    }
}

/// A tensor of a keyframe or a version.
struct TensorLinkRow<Owner: TensorOwner>: SealedRow {
    static var table: SealedTable { Owner.links }

    let owner: Int
    let tensor: TensorName

    init(_ tensor: TensorName, of owner: Int) { (self.owner, self.tensor) = (owner, tensor) }

    init(_ columns: inout ColumnReader) throws {
        owner = try columns.next()
        tensor = TensorName(name: try columns.next(), digest: try columns.next())
    }

    func write(to columns: inout ColumnWriter) {
        columns.add(owner)
        columns.add(tensor.name)
        columns.add(tensor.digest)
    }
}

/// The reads and writes of the links from keyframes or versions to tensors.
struct TensorLinkTable<Owner: TensorOwner> {
    let store: Store

    private var ownerColumn: String { Owner.links.columns[0] }

    /// The tensors of an owner, by name.
    /// - Throws: `RegistryError.damaged` if their number differs from the one that its row records.
    func tensors(of owner: Owner) throws -> [TensorName] {
        let links: [TensorLinkRow<Owner>] = try store.rows("WHERE \(ownerColumn) = ? ORDER BY name", [owner.id])
        try store.check(links.count, "tensors", are: owner.tensors, of: owner)
        return links.map(\.tensor)
    }

    /// The tensors of the owners of these keys, by owner and name.
    func tensors(of ids: [Int]) throws -> [Int: [TensorName]] {
        let links: [TensorLinkRow<Owner>] = try store.rows(
            "WHERE \(ownerColumn) IN (SELECT value FROM json_each(?)) ORDER BY \(ownerColumn), name", [store.list(ids)])
        return Dictionary(grouping: links, by: \.owner).mapValues { $0.map(\.tensor) }
    }

    /// Links tensors to an owner.
    func insert(_ tensors: [TensorName], of owner: Int) throws {
        for tensor in tensors { try store.insert(TensorLinkRow<Owner>(tensor, of: owner)) }
    }

    /// Deletes the links of an owner; the tensors themselves stay.
    func deleteAll(of owner: Int) throws {
        try store.connection.execute("DELETE FROM \(Owner.links.name) WHERE \(ownerColumn) = ?", [owner])
    }
}
