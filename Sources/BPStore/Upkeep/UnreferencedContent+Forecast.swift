import BPSQLite

extension UnreferencedContent {
    /// The content to which nothing would refer after these keyframes and datasets were deleted, and all deletions that
    /// can be undone were dropped.
    package func forecast(without keyframes: Set<Int>, datasets: [SHA256Digest]) throws -> FreedContent {
        let connection = store.connection
        var forecast = FreedContent()
        let freed = try tensors(without: keyframes, Set(datasets.map(\.bytes)))
        forecast.tensors = freed.count
        func count(_ chunk: [UInt8]) throws {
            forecast.chunks += 1
            forecast.bytes += try connection.value("SELECT length(data) FROM chunk WHERE sha256 = ?", [chunk])
        }
        var seen: Set<[UInt8]> = []
        for tensor in freed {
            let chunks = try connection.all(
                "SELECT DISTINCT chunk FROM tensor_chunk WHERE tensor = ?", [tensor], as: [UInt8].self)
            for chunk in chunks where seen.insert(chunk).inserted {
                let users = try connection.all(
                    "SELECT DISTINCT tensor FROM tensor_chunk WHERE chunk = ?", [chunk], as: [UInt8].self)
                if users.allSatisfy(freed.contains) { try count(chunk) }
            }
        }
        for chunk in try connection.all(UnreferencedContent.orphanChunks, as: [UInt8].self) { try count(chunk) }
        return forecast
    }

    /// The tensors to which nothing else refers.
    private func tensors(without keyframes: Set<Int>, _ datasets: Set<[UInt8]>) throws -> Set<[UInt8]> {
        let connection = store.connection
        var freed = Set(
            try connection.all(
                """
                SELECT sha256 FROM tensor
                WHERE \(UnreferencedContent.isUnreferencedIgnoringDeletions("tensor.sha256"))
                """, as: [UInt8].self))
        func consider(_ tensor: [UInt8]) throws {
            if freed.contains(tensor) { return }
            let isThere: Bool = try connection.value(
                """
                SELECT EXISTS (SELECT 1 FROM tensor WHERE sha256 = ?1)
                    AND NOT EXISTS (SELECT 1 FROM version_tensor WHERE tensor = ?1)
                """, [tensor])
            guard isThere else { return }
            let users = try connection.all(
                "SELECT keyframe FROM keyframe_tensor WHERE tensor = ?", [tensor], as: Int.self)
            let data = try connection.all(
                "SELECT dataset FROM dataset_column WHERE sha256 = ?", [tensor], as: [UInt8].self)
            if users.allSatisfy(keyframes.contains), data.allSatisfy(datasets.contains) { freed.insert(tensor) }
        }
        for id in keyframes {
            let tensors = try connection.all(
                "SELECT tensor FROM keyframe_tensor WHERE keyframe = ?", [id], as: [UInt8].self)
            for tensor in tensors { try consider(tensor) }
        }
        for dataset in datasets {
            let columns = try connection.all(
                "SELECT sha256 FROM dataset_column WHERE dataset = ?", [dataset], as: [UInt8].self)
            for tensor in columns { try consider(tensor) }
        }
        return freed
    }
}
