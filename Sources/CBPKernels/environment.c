#include "CBPKernels.h"

#include <float.h>
#include <unistd.h>

// Measured on values, not read from a control register, so that it holds on any processor. `volatile` keeps the
// compiler from computing at build time what this thread must compute now.
bool bp_float_environment_is_exact(void) {
    volatile float one = 1.0f, tiny = FLT_MIN, half = 0.5f, quarter_ulp = 0x1p-25f, most_ulp = 0x1.8p-24f;
    volatile float denormal = tiny * half;      // lost where results are flushed to zero
    volatile float restored = denormal + denormal;  // lost where operands are
    volatile float down = one + quarter_ulp, up = one + most_ulp, minus = -one - most_ulp;
    return denormal > 0.0f && restored == tiny && down == one && up == 0x1.000002p0f && minus == -0x1.000002p0f;
}

uint64_t bp_physical_memory(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}
