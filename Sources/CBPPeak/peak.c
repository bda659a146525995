#include "CBPPeak.h"

#include <pthread.h>
#include <time.h>

// Sums enough to hide the latency of a multiply-add, few enough to stay in 16 registers.
enum { SUMS = 12, ROUNDS = 100000, MOST_THREADS = 256 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// One function for each width. The sums stay near 1, so that no number is denormal or infinite, and the empty
// statement keeps them in registers and the loop in place.
#define PEAK(NAME, LANES)                                                                                             \
    typedef float NAME##_vector __attribute__((vector_size(4 * (LANES))));                                            \
    static double NAME(void) {                                                                                        \
        NAME##_vector sum[SUMS], factor, addend;                                                                      \
        for (int lane = 0; lane < (LANES); lane++) factor[lane] = 0.5f, addend[lane] = 0.5f;                          \
        for (int i = 0; i < SUMS; i++) sum[i] = factor;                                                               \
        for (int round = 0; round < ROUNDS; round++)                                                                  \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < SUMS; i++) {                                       \
                sum[i] = __builtin_elementwise_fma(sum[i], factor, addend);                                           \
                __asm__ volatile("" : "+" REGISTER(sum[i]));                                                          \
            }                                                                                                         \
        return 2.0 * (LANES) * SUMS * ROUNDS;                                                                         \
    }

#if defined(__x86_64__)
#define REGISTER(x) "x"(x)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
PEAK(peak8, 8)
#pragma clang attribute pop
#undef REGISTER
#define REGISTER(x) "v"(x)
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
PEAK(peak16, 16)
#pragma clang attribute pop
#elif defined(__aarch64__)
#define REGISTER(x) "w"(x)
PEAK(peak4, 4)
#endif

// The operations of one call of the widest loop; 0 on a processor without fused multiply-add.
static double widest(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return peak16();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return peak8();
#elif defined(__aarch64__)
    return peak4();
#endif
    return 0;
}

typedef struct {
    double seconds, rate;
} bp_part;

// The best of many slices of a millisecond or less: the limit is what the processor can do, not what is left of it.
static void *run(void *context) {
    bp_part *part = context;
    double start = now(), before = start, operations;
    do {
        operations = widest();
        double after = now(), rate = operations / (after - before);
        if (rate > part->rate) part->rate = rate;
        before = after;
    } while (before - start < part->seconds && operations > 0);
    return 0;
}

double bp_peak(int threads, double seconds) {
    pthread_t started[MOST_THREADS];
    bp_part parts[MOST_THREADS];
    if (threads < 1 || threads > MOST_THREADS) return 0;
    double sum = 0;
    int count = 1;
    for (int i = 0; i < threads; i++) parts[i] = (bp_part){seconds, 0};
    for (; count < threads; count++)
        if (pthread_create(&started[count], 0, run, &parts[count]) != 0) break;
    run(&parts[0]);
    for (int i = 1; i < count; i++) pthread_join(started[i], 0);
    for (int i = 0; i < count; i++) sum += parts[i].rate;
    return count == threads ? sum : 0;
}
