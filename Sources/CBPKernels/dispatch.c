#include "CBPKernels.h"

struct bp_kernels { int level; };
static const struct bp_kernels portable;
const bp_kernels *bp_kernels_for(bp_level level) { return level == BP_LEVEL_PORTABLE ? &portable : 0; }
