import BPCore
package import BPData
import BPRegistry

extension TrainingPlan {
    /// A run that begins with the weights of another program.
    /// - Parameters:
    ///   - layers: they fit the data's inputs and outputs.
    ///   - data: with the options it was looked at with: functions and loss are among them.
    ///   - scaling: how numbers were scaled; where the file says it, nothing may be said here.
    ///   - name: the model's.
    ///   - isNameDerived: whether the name comes from the name of a file.
    /// - Throws: `TrainingError.notInFile` if neither the file nor the options have a value that is needed; `setting`;
    ///   `CoreError`, `DataError`.
    package init(
        importing layers: ImportedLayers, for data: ImportData, scaling: ImportScaling?, model name: String,
        isNameDerived: Bool = false
    ) throws {
        guard let first = layers.sizes.first, let last = layers.sizes.last else { throw CoreError.noLayers }
        let options = data.options
        if layers.sizes.count > 1, options.activation == nil { throw TrainingError.notInFile(name: "activation") }
        let fitted = data.encoding(outputs: last.outputs)
        let encoding = try fitted.encoding.scaled(as: layers, scaling)
        guard first.inputs == encoding.inputWidth, last.outputs == encoding.outputWidth else {
            throw CoreError.shape(
                what: "inputs and outputs", expected: encoding.inputWidth + encoding.outputWidth,
                found: first.inputs + last.outputs)
        }
        let isSingle = encoding.classes != nil && encoding.outputWidth == 1
        let output = options.outputActivation ?? (encoding.classes == nil ? .identity : isSingle ? .sigmoid : .softmax)
        if layers.sizes.count == 1, let activation = options.activation {
            throw TrainingError.setting(
                name: "activation", value: activation.rawValue,
                allowed: "left out, since the file has no hidden layer")
        }
        let loss = options.loss ?? TrainingPlan.defaultLoss(data.prepared.choice.task, output)
        let fault = try OutputFault(output, loss, encoding, data.table, data.prepared.split)
        if let fault, !fault.isDefined { throw fault.error }
        let hidden = options.activation ?? TrainingDefaults.activation
        let units = layers.sizes.map(\.outputs)
        let network = try Network(
            inputs: first.inputs,
            layers: units.dropLast().map { (units: $0, activation: hidden) }
                + [(units: last.outputs, activation: output)])
        let model = try TrainedModel(
            network: network, loss: loss, encoding: encoding, parameters: layers.parameters)
        try self.init(
            model, data.table, roles: data.prepared.roles, split: data.prepared.split, options: options, name: name,
            isNameDerived: isNameDerived, notes: data.prepared.notes,
            warnings: data.prepared.warnings + (layers.inputScales == nil ? fitted.warnings : []))
    }

    /// A run that begins with a model that bpreg exported: its network, loss and encoding are those of the export.
    /// - Parameter table: data that have the columns of the model; others are ignored.
    /// - Throws: `TrainingError.setting` for an option that contradicts the model; `DataError`, `CoreError`.
    package init(
        importing model: TrainedModel, _ table: Table, options: TrainingOptions, model name: String,
        isNameDerived: Bool = false
    ) throws {
        _ = try TrainingSpec(options)
        func agree(_ setting: String, _ asked: String?, _ known: String) throws(TrainingError) {
            guard let asked, asked != known else { return }
            throw .setting(name: setting, value: asked, allowed: "left out, since the file says \(known)")
        }
        try agree("target", options.target, model.encoding.target.name)
        try agree("task", options.task?.rawValue, model.encoding.task.rawValue)
        try agree("loss", options.loss?.rawValue, model.loss.rawValue)
        try agree("output activation", options.outputActivation?.rawValue, model.network.outputActivation.rawValue)
        if let hidden = model.network.layers.dropLast().first?.activation {
            try agree("activation", options.activation?.rawValue, hidden.rawValue)
        } else if let activation = options.activation {
            throw TrainingError.setting(
                name: "activation", value: activation.rawValue, allowed: "left out, since the file has no hidden layer")
        }
        let features = Set(model.encoding.features.map(\.name))
        for name in options.ignored { _ = try table.requiredIndex(ofColumn: name, as: "column to ignore") }
        for name in options.ignored where features.contains(name) || name == model.encoding.target.name {
            let role = features.contains(name) ? "a feature" : "the target"
            throw TrainingError.setting(
                name: "ignore", value: name, allowed: "left out, since the file says that it is \(role)")
        }
        _ = try table.requiredIndex(ofColumn: model.encoding.target.name, as: "target")
        let roles = table.columns.map { column in
            TrainingSpec.ColumnRole(
                name: column.name,
                role: features.contains(column.name)
                    ? .feature : column.name == model.encoding.target.name ? .target : .ignored)
        }
        try self.init(
            model, table, roles: roles, split: nil, options: options, name: name, isNameDerived: isNameDerived,
            notes: [],
            warnings: [])
    }

    private init(
        _ model: TrainedModel, _ table: Table, roles: [TrainingSpec.ColumnRole], split: Split?,
        options: TrainingOptions, name: String, isNameDerived: Bool, notes: [String], warnings: [String]
    ) throws {
        if let index = model.parameters.firstIndex(where: { !$0.isFinite }) {
            throw TrainingError.weightsNotFinite(
                of: "the file (number \(index + 1) is \(model.parameters[index]))")
        }
        let name = try ModelName(name).text
        var spec = try TrainingSpec(options)
        (spec.columns, spec.encoding, spec.network) = (roles, model.encoding, model.network)
        (spec.firstWeights, spec.loss) = (.imported(sha256: weightsHash(model.parameters)), model.loss)
        let data = try TrainingData(table, spec: spec, split: split)
        let fault = try OutputFault(
            model.network.outputActivation, model.loss, model.encoding, table, data.split)
        // An export of bpreg is taken as it is: earlier versions trained what is refused now.
        if let fault, !model.loss.accepts(output: model.network.outputActivation) { throw fault.error }
        let rows = data.split.training.count
        let (batch, batchNote) = try TrainingPlan.batchSize(options.batchSize, rows: rows)
        (spec.batchSize, spec.shuffle) = (batch, options.shuffle ?? (batch < rows))
        self.init(
            spec: spec, table: table, model: name, data: data,
            notes: table.notes + notes + [batchNote].compactMap { $0 },
            warnings: warnings + data.notes + (fault.map { [$0.what] } ?? []),
            imported: model.parameters, isNameDerived: isNameDerived)
    }
}

extension Encoding {
    /// This encoding with the scales of `layers`, or those that `scaling` says: none, or the fitted ones.
    fileprivate func scaled(as layers: ImportedLayers, _ scaling: ImportScaling?) throws(TrainingError) -> Encoding {
        if let scaling, layers.inputScales != nil {
            throw .setting(
                name: "scaling", value: scaling.rawValue, allowed: "left out, since the file says how inputs are scaled"
            )
        }
        let isNumeric = features.contains { if case .number = $0 { true } else { false } }
        if layers.inputScales == nil, scaling == nil, isNumeric || task == .regression {
            throw .notInFile(name: "scaling")
        }
        let plain = Scale(mean: 0, deviation: 1)
        var (place, scaled): (Int, [Feature]) = (0, [])
        for feature in features {
            if case .number(let name, let fitted) = feature {
                let own = layers.inputScales.flatMap { $0.indices.contains(place) ? $0[place] : nil }
                scaled.append(.number(name: name, scale: own ?? (scaling == ImportScaling.none ? plain : fitted)))
            } else {
                scaled.append(feature)
            }
            place += feature.width
        }
        guard case .number(let name, let fitted) = target else { return Encoding(features: scaled, target: target) }
        let own = layers.outputScale ?? (scaling == .standard ? fitted : plain)
        return Encoding(features: scaled, target: .number(name: name, scale: own))
    }
}
