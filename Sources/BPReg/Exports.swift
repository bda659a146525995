// One import for a program that embeds bpreg: `import BPReg` makes the public names of these modules available.
@_exported public import BPCore
@_exported public import BPData
@_exported public import BPInterchange
@_exported public import BPRegistry
@_exported public import BPTraining
@_exported public import BPTransfer
