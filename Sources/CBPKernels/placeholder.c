#include "CBPKernels.h"
void bp_placeholder(void) {}
