// Threads that share out the indices of one job at a time. Each thread has a share of its own, so that it meets the same
// data in job after job; a thread that is done helps the others. Who computes an index decides the time, never a bit.
#define _GNU_SOURCE
#include "CBPKernels.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__x86_64__)
#define BP_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define BP_PAUSE() __asm__ volatile("yield")
#else
#define BP_PAUSE() (void)0
#endif

// How often a thread looks for work, or for the end of a job, before it sleeps: some ten microseconds, less than falling
// asleep and being woken costs. If there are more threads than processors, looking takes the time of the one that is
// waited for.
enum { BP_SPINS = 1000, BP_CROWDED_SPINS = 20 };

// What is left of a thread's share in one word, so that a late thread cannot take an index of a job it does not know:
// number of the job (32 bits), end (16), next index (16), both counted from `start`.
typedef struct {
    _Alignas(128) _Atomic uint64_t ticket;
    ptrdiff_t start;
} bp_share;

struct bp_pool {
    _Alignas(128) _Atomic uint32_t job;  // its number
    _Alignas(128) _Atomic ptrdiff_t done;
    ptrdiff_t count;
    bp_task task;
    void *context;

    _Alignas(128) pthread_mutex_t in_use;  // held by the caller whose job it is
    pthread_mutex_t mutex;                 // guards the two conditions and `stopping`
    pthread_cond_t work, finished;
    _Atomic int sleeping;
    _Atomic bool caller_sleeps;
    _Atomic bool stopping;
    _Atomic int inexact, ready;

    int spins;
    ptrdiff_t threads, workers;
    bp_share *shares;
    pthread_t handles[];
};

typedef struct {
    bp_pool *pool;
    ptrdiff_t number;
} bp_worker;

static uint64_t ticket_of(uint32_t job, ptrdiff_t count) { return (uint64_t)job << 32 | (uint64_t)count << 16; }
static ptrdiff_t next_of(uint64_t ticket) { return (ptrdiff_t)(ticket & 0xFFFF); }
static ptrdiff_t end_of(uint64_t ticket) { return (ptrdiff_t)(ticket >> 16 & 0xFFFF); }

static void count_as_done(bp_pool *pool) {
    // Read before the last index is counted: afterwards the job may be another one.
    ptrdiff_t count = pool->count;
    if (atomic_fetch_add(&pool->done, 1) + 1 == count && atomic_load(&pool->caller_sleeps)) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_signal(&pool->finished);
        pthread_mutex_unlock(&pool->mutex);
    }
}

// Takes indices of a share while there are any, its owner from the front and others from the end. The rest of the pool
// may be read once an index is taken: the job cannot end before that index is counted as done.
static void take_from(bp_pool *pool, bp_share *share, bool is_owner) {
    uint64_t ticket = atomic_load_explicit(&share->ticket, memory_order_acquire);
    while (next_of(ticket) < end_of(ticket)) {
        uint64_t rest = is_owner ? ticket + 1 : ticket - (1 << 16);
        if (!atomic_compare_exchange_weak_explicit(&share->ticket, &ticket, rest, memory_order_acq_rel,
                                                   memory_order_acquire))
            continue;
        pool->task(pool->context, share->start + (is_owner ? next_of(ticket) : end_of(rest)));
        count_as_done(pool);
        ticket = atomic_load_explicit(&share->ticket, memory_order_acquire);
    }
}

static void take_part(bp_pool *pool, ptrdiff_t number) {
    take_from(pool, &pool->shares[number], true);
    for (ptrdiff_t k = 1; k < pool->threads; k++)
        take_from(pool, &pool->shares[(number + k) % pool->threads], false);
}

// Waits until the job is another than `known` or the pool stops.
static void await_job(bp_pool *pool, uint32_t known) {
    for (int i = 0; i < pool->spins; i++) {
        if (atomic_load_explicit(&pool->job, memory_order_acquire) != known) return;
        if (atomic_load_explicit(&pool->stopping, memory_order_relaxed)) return;
        BP_PAUSE();
    }
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleeping, 1);
    while (atomic_load(&pool->job) == known && !atomic_load(&pool->stopping))
        pthread_cond_wait(&pool->work, &pool->mutex);
    atomic_fetch_sub(&pool->sleeping, 1);
    pthread_mutex_unlock(&pool->mutex);
}

static void *worker(void *argument) {
    bp_worker me = *(bp_worker *)argument;
    free(argument);
    bp_pool *pool = me.pool;
    if (!bp_float_environment_is_exact()) atomic_fetch_add(&pool->inexact, 1);
    uint32_t known = 0;
    atomic_fetch_add(&pool->ready, 1);
    while (!atomic_load(&pool->stopping)) {
        await_job(pool, known);
        known = atomic_load_explicit(&pool->job, memory_order_acquire);
        take_part(pool, me.number);
    }
    return NULL;
}

// Processors that this process may use.
static ptrdiff_t processors(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return sysconf(_SC_NPROCESSORS_ONLN);
}

static int start_worker(bp_pool *pool) {
    bp_worker *argument = malloc(sizeof *argument);
    if (!argument) return ENOMEM;
    *argument = (bp_worker){pool, pool->workers + 1};
    int error = pthread_create(&pool->handles[pool->workers], NULL, worker, argument);
    if (error) free(argument);
    return error;
}

bp_pool *bp_pool_create(ptrdiff_t threads, int *error) {
    size_t size = sizeof(bp_pool) + (size_t)(threads - 1) * sizeof(pthread_t);
    bp_pool *pool = aligned_alloc(128, (size + 127) / 128 * 128);
    bp_share *shares = aligned_alloc(128, (size_t)threads * sizeof(bp_share));
    if (!pool || !shares) {
        free(pool);
        free(shares);
        *error = ENOMEM;
        return NULL;
    }
    for (ptrdiff_t t = 0; t < threads; t++) atomic_init(&shares[t].ticket, 0);
    atomic_init(&pool->job, 0);
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
    pool->shares = shares;
    pool->threads = threads;
    pool->spins = threads > processors() ? BP_CROWDED_SPINS : BP_SPINS;
    *error = 0;
    for (pool->workers = 0; pool->workers < threads - 1; pool->workers++) {
        *error = start_worker(pool);
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
    for (ptrdiff_t i = 0; i < pool->workers; i++) pthread_join(pool->handles[i], NULL);
    pthread_cond_destroy(&pool->finished);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    pthread_mutex_destroy(&pool->in_use);
    free(pool->shares);
    free(pool);
}

static void await_end(bp_pool *pool, ptrdiff_t count) {
    for (int i = 0; i < pool->spins && atomic_load(&pool->done) < count; i++) BP_PAUSE();
    if (atomic_load(&pool->done) == count) return;
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->caller_sleeps, true);
    while (atomic_load(&pool->done) < count) pthread_cond_wait(&pool->finished, &pool->mutex);
    atomic_store(&pool->caller_sleeps, false);
    pthread_mutex_unlock(&pool->mutex);
}

void bp_pool_run(bp_pool *pool, bp_task task, void *context, ptrdiff_t count, const ptrdiff_t *starts) {
    if (count <= 1 || pthread_mutex_trylock(&pool->in_use) != 0) {
        for (ptrdiff_t i = 0; i < count; i++) task(context, i);
        return;
    }
    pool->task = task;
    pool->context = context;
    pool->count = count;
    atomic_store(&pool->done, 0);
    uint32_t job = atomic_load_explicit(&pool->job, memory_order_relaxed) + 1;
    for (ptrdiff_t t = 0; t < pool->threads; t++) {
        ptrdiff_t first = starts ? starts[t] : count * t / pool->threads;
        ptrdiff_t end = starts ? starts[t + 1] : count * (t + 1) / pool->threads;
        pool->shares[t].start = first;
        atomic_store_explicit(&pool->shares[t].ticket, ticket_of(job, end - first), memory_order_release);
    }
    atomic_store(&pool->job, job);
    if (atomic_load(&pool->sleeping) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->work);
        pthread_mutex_unlock(&pool->mutex);
    }
    take_part(pool, 0);
    await_end(pool, count);
    pthread_mutex_unlock(&pool->in_use);
}
