// The limit of this machine, for bpreg-bench: fused multiply-adds in registers and nothing else.
#ifndef CBPPEAK_H
#define CBPPEAK_H

/// The most float32 operations per second (a fused multiply-add is two) that so many threads reach together within
/// `seconds`, with the widest vectors of this processor; 0 without fused multiply-add, or if a thread cannot be started.
double bp_peak(int threads, double seconds);

#endif
