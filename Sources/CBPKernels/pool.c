// Threads that share out the indices of one job at a time. Who takes an index first computes it: that decides the
// time, never a bit.
#include "CBPKernels.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__)
#define BP_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define BP_PAUSE() __asm__ volatile("yield")
#else
#define BP_PAUSE() (void)0
#endif

// How often a thread looks for work before it sleeps: some ten microseconds, less than falling asleep and being
// woken costs.
enum { BP_SPINS = 1000 };

struct bp_pool {
    // What is left of the current job, in one word, so that a late worker cannot take an index of a job it does not
    // know: number of the job (32 bits), its count (16), the next index (16).
    _Alignas(64) _Atomic uint64_t ticket;
    _Alignas(64) _Atomic ptrdiff_t done;
    bp_task task;
    void *context;

    _Alignas(64) pthread_mutex_t in_use;  // held by the caller whose job it is
    pthread_mutex_t mutex;                // guards the two conditions and `stopping`
    pthread_cond_t work, finished;
    _Atomic int sleeping;
    _Atomic bool caller_sleeps;
    _Atomic bool stopping;
    _Atomic int inexact, ready;

    ptrdiff_t workers;
    pthread_t threads[];
};

static uint64_t number_of(uint64_t ticket) { return ticket >> 32; }
static bool has_work(uint64_t ticket) { return (ticket & 0xFFFF) < ((ticket >> 16) & 0xFFFF); }

// Takes indices while there are any. `task` and `context` may be read once an index is taken: the job cannot end
// before that index is counted as done.
static void take_part(bp_pool *pool) {
    uint64_t ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
    while (has_work(ticket)) {
        if (!atomic_compare_exchange_weak_explicit(&pool->ticket, &ticket, ticket + 1, memory_order_acq_rel,
                                                   memory_order_acquire))
            continue;
        ptrdiff_t count = (ptrdiff_t)((ticket >> 16) & 0xFFFF);
        pool->task(pool->context, (ptrdiff_t)(ticket & 0xFFFF));
        if (atomic_fetch_add(&pool->done, 1) + 1 == count && atomic_load(&pool->caller_sleeps)) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->finished);
            pthread_mutex_unlock(&pool->mutex);
        }
        ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
    }
}

static void *worker(void *argument) {
    bp_pool *pool = argument;
    if (!bp_float_environment_is_exact()) atomic_fetch_add(&pool->inexact, 1);
    atomic_fetch_add(&pool->ready, 1);
    while (!atomic_load(&pool->stopping)) {
        take_part(pool);
        bool found = false;
        for (int i = 0; i < BP_SPINS && !found; i++) {
            BP_PAUSE();
            found = has_work(atomic_load_explicit(&pool->ticket, memory_order_relaxed)) ||
                    atomic_load_explicit(&pool->stopping, memory_order_relaxed);
        }
        if (found) continue;
        pthread_mutex_lock(&pool->mutex);
        atomic_fetch_add(&pool->sleeping, 1);
        while (!has_work(atomic_load(&pool->ticket)) && !atomic_load(&pool->stopping))
            pthread_cond_wait(&pool->work, &pool->mutex);
        atomic_fetch_sub(&pool->sleeping, 1);
        pthread_mutex_unlock(&pool->mutex);
    }
    return NULL;
}

bp_pool *bp_pool_create(ptrdiff_t threads, int *error) {
    size_t size = sizeof(bp_pool) + (size_t)(threads - 1) * sizeof(pthread_t);
    bp_pool *pool = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!pool) {
        *error = ENOMEM;
        return NULL;
    }
    atomic_init(&pool->ticket, 0);
    atomic_init(&pool->done, 0);
    atomic_init(&pool->sleeping, 0);
    atomic_init(&pool->caller_sleeps, false);
    atomic_init(&pool->stopping, false);
    atomic_init(&pool->inexact, 0);
    atomic_init(&pool->ready, 0);
    pthread_mutex_init(&pool->in_use, NULL);
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->finished, NULL);
    *error = 0;
    for (pool->workers = 0; pool->workers < threads - 1; pool->workers++) {
        *error = pthread_create(&pool->threads[pool->workers], NULL, worker, pool);
        if (*error) break;
    }
    while (atomic_load(&pool->ready) < pool->workers) BP_PAUSE();
    if (!*error && atomic_load(&pool->inexact)) *error = -1;
    if (!*error) return pool;
    bp_pool_destroy(pool);
    return NULL;
}

void bp_pool_destroy(bp_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->stopping, true);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    for (ptrdiff_t i = 0; i < pool->workers; i++) pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->finished);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    pthread_mutex_destroy(&pool->in_use);
    free(pool);
}

void bp_pool_run(bp_pool *pool, bp_task task, void *context, ptrdiff_t count) {
    if (count <= 1 || pthread_mutex_trylock(&pool->in_use) != 0) {
        for (ptrdiff_t i = 0; i < count; i++) task(context, i);
        return;
    }
    pool->task = task;
    pool->context = context;
    atomic_store(&pool->done, 0);
    uint64_t number = number_of(atomic_load_explicit(&pool->ticket, memory_order_relaxed)) + 1;
    atomic_store(&pool->ticket, number << 32 | (uint64_t)count << 16);
    if (atomic_load(&pool->sleeping) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->work);
        pthread_mutex_unlock(&pool->mutex);
    }
    take_part(pool);
    for (int i = 0; i < BP_SPINS && atomic_load(&pool->done) < count; i++) BP_PAUSE();
    if (atomic_load(&pool->done) < count) {
        pthread_mutex_lock(&pool->mutex);
        atomic_store(&pool->caller_sleeps, true);
        while (atomic_load(&pool->done) < count) pthread_cond_wait(&pool->finished, &pool->mutex);
        atomic_store(&pool->caller_sleeps, false);
        pthread_mutex_unlock(&pool->mutex);
    }
    pthread_mutex_unlock(&pool->in_use);
}
