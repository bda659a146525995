import Foundation
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPSQLite
@testable import BPStore

@Suite("SQLite's own check, table by table")
struct StructureTests {
    private func findings(at path: String, inParts: Bool, _ world: World) throws -> [VerifyReport.Finding] {
        let registry = try Registry.open(at: path, for: .reading, environment: world.environment)
        return try registry.withStore { store in
            let verifier = Verifier(store)
            verifier.checkStructure(inParts: inParts)
            return verifier.report.findings
        }
    }

    @Test("a broken page of any table is found as by the check of the whole file")
    func broken() throws {
        let bench = try Bench()
        for model in ["a", "b"] { try bench.finishedRun(model: model) }
        let kept = try bench.createRun()
        let full = try kept.stage(fullKeyframe(0), tensors: [weights(0, count: 60_000)])
        try kept.commit(RunCommit(keyframes: [full]))
        try kept.commit(RunCommit(deletedKeyframes: [full.id]))
        try kept.close()
        #expect(try bench.registry.reading { try $0.connection.freePages } > 3)
        try bench.registry.close()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.path)))
        #expect(try findings(at: bench.path, inParts: true, bench.world) == [])
        let copy = bench.scratch.folder + "/broken.sqlite"
        var count = 0
        for page in 1..<bytes.count / Opening.pageSize {
            var broken = bytes
            for index in 0..<12 { broken[page * Opening.pageSize + index] = 0xFF }
            try Data(broken).write(to: URL(fileURLWithPath: copy))
            guard let whole = try? findings(at: copy, inParts: false, bench.world), !whole.isEmpty else { continue }
            count += 1
            #expect(try !findings(at: copy, inParts: true, bench.world).isEmpty, "page \(page + 1): \(whole)")
        }
        #expect(count > 20)
    }

    @Test("a byte of the file's header that is another is damage, another's file or none of our business, and no fault")
    func header() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.registry.close()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.path)))
        let copy = bench.scratch.folder + "/header.sqlite"
        var refused = 0
        for (place, value) in (0..<100).flatMap({ place in [0, 0x7F, 0xFF].map { (place, UInt8($0)) } }) {
            var other = bytes
            other[place] = value
            try Data(other).write(to: URL(fileURLWithPath: copy))
            do {
                _ = try Registry.verify(at: copy, environment: bench.world.environment)
            } catch {
                refused += 1
                if case .internalFailure = error { Issue.record("byte \(place) is \(value): \(error)") }
            }
        }
        #expect(refused > 20)
    }

    @Test("rows without their parent are found table by table too")
    func orphans() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.registry.withStore { store in
            try store.connection.execute(script: "PRAGMA foreign_keys = OFF")
            try store.write { try store.connection.execute("DELETE FROM model") }
        }
        let whole = try findings(at: bench.path, inParts: false, bench.world)
        #expect(!whole.isEmpty)
        #expect(
            try findings(at: bench.path, inParts: true, bench.world).map(\.what).sorted() == whole.map(\.what).sorted())
    }
}
