import BPCommands

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

exit(Bpreg.run(Array(CommandLine.arguments.dropFirst())))
