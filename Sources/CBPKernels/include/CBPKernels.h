// The arithmetic of bpreg: products, elementwise functions, losses and updates, one implementation for each
// instruction set, all of the same bits. docs/numerics.md states every order.
//
// Matrices of a batch are row-major, [rows × width] with a stride that is a multiple of 16 floats; columns past the width
// are 0. Sizes are passed one by one, in registers: a structure just stored and loaded again in wider pieces waits.
// Packed parameters: a layer of n_in inputs and n_out outputs is ceil(n_out / 16) panels, each n_in + 1 rows of 16
// floats. Row i < n_in of panel p holds w_ji for j = 16 p ... 16 p + 15, row n_in holds b_j; lanes past n_out are 0.
#ifndef CBPKERNELS_H
#define CBPKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum { BP_LANES = 16 };

typedef enum { BP_LEVEL_PORTABLE, BP_LEVEL_AVX2, BP_LEVEL_AVX512, BP_LEVEL_NEON } bp_level;
typedef enum { BP_IDENTITY, BP_SIGMOID, BP_TANH, BP_RELU, BP_SOFTMAX } bp_activation;
typedef enum { BP_HALF_SQUARED_ERROR, BP_CROSS_ENTROPY } bp_loss;
typedef enum { BP_FUNCTION_EXP, BP_FUNCTION_LOG1P, BP_FUNCTION_TANH, BP_FUNCTION_SIGMOID } bp_function;

/// C = A·B for panels of 16 columns: C[m][p][lane] = Σ_k A(m, k) · B[p][k][lane], k ascending from +0 by fused
/// multiply-add. A(m, k) = a[m·a_row + k·a_k], B[p][k] = b + p·b_panel + k·b_k, C[m][p] = c + m·c_row + p·c_panel.
/// With a `block` of 1 to 256 each block of so many k is a sum of its own, and the blocks are added by the tree of
/// docs/numerics.md; 0 makes one sum of all.
typedef struct {
    ptrdiff_t rows, depth, panels;
    ptrdiff_t block;
    const float *a;
    ptrdiff_t a_row, a_k;
    const float *b;
    ptrdiff_t b_k, b_panel;
    float *c;
    ptrdiff_t c_row, c_panel;
} bp_product;

/// The numbers of an update, each rounded to float32 once. `scale` is 1/B.
typedef struct {
    float scale, rate;            // μ; for Adam μ / (1 − β₁ᵗ)
    float decay1, complement1;    // β or β₁, 1 − β₁
    float decay2, complement2;    // β₂, 1 − β₂
    float correction2, epsilon;   // 1 / (1 − β₂ᵗ), ε
    float weight_decay, shrink;   // λ where λ W is added to the gradient; μλ where W shrinks first; one of them is 0
} bp_update;

/// The rules by which parameters change. AdamW is Adam with `shrink`.
typedef enum { BP_SGD, BP_MOMENTUM, BP_ADAM } bp_rule;

/// The greatest width of a layer, the most layers and the most rows of a batch that `train_small` takes.
enum { BP_SMALL_WIDTH = 64, BP_SMALL_LAYERS = 16, BP_SMALL_ROWS = 16 };

/// A layer of a small network. Rows of its activations and errors lie `stride` floats apart: its width in whole panels.
typedef struct {
    ptrdiff_t inputs, outputs, stride;
    bp_activation activation;
    /// Packed parameters and the slots of the rule. A slot that the rule does not have may be any address: it is not
    /// used.
    float *w, *first, *second;
    /// Room for W and the slots with inputs and outputs exchanged; not for the first layer.
    float *back, *back_first, *back_second;
    /// Room for the activations and errors of a batch.
    float *a, *d;
} bp_small_layer;

/// A stretch of training of a small network: `iterations` batches of `rows` rows each.
typedef struct {
    ptrdiff_t layers;
    const bp_small_layer *layer;
    bp_loss loss;
    bp_rule rule;
    /// The numbers of the updates; where they change from update to update (Adam) they are made of μ, β₁ and β₂ and of
    /// t, which is `step` in the first iteration.
    bp_update update;
    double rate, beta1, beta2;
    int64_t step;
    /// The samples, and the order of rows, or NULL for their own.
    const float *x, *y;
    ptrdiff_t x_stride, y_stride;
    const int32_t *_Nullable order;
    ptrdiff_t rows, iterations;
    /// Whether the magnitude of every input is at most 2^50.
    bool is_bounded;
    /// Room for the rows of a batch that do not lie together, its preactivations at the output, and its losses.
    float *gathered_x, *gathered_y, *z, *row_losses;
    /// The loss of each iteration; to `loss_sum` the losses are added, times the rows of their batch, in order.
    float *losses;
    double *loss_sum;
} bp_small_training;

typedef struct bp_kernels {
    /// Computes the product and returns whether all of C is finite.
    bool (*product)(const bp_product *product);
    /// out[p][lane] = Σ_b d[b][p][lane], b ascending from +0, in blocks as in a product; panels of `out` lie `out_panel`
    /// floats apart. Returns whether all sums are finite.
    bool (*column_sums)(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *d, float *out,
                        ptrdiff_t out_panel, ptrdiff_t block);
    /// The weights of a packed layer with inputs and outputs changing places: out[i / 16][j][i % 16] = w_ji,
    /// lanes past the inputs 0.
    void (*transpose)(ptrdiff_t inputs, ptrdiff_t outputs, const float *w, float *out);

    /// z ← z + b, then a ← f(z); `z` and `a` may be one buffer, which then holds a. Columns past the width: a = 0.
    void (*activate)(bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *bias,
                     ptrdiff_t bias_panel, float *z, float *a);
    /// d ← d ⊙ f′(z), f′ computed from a. Not for softmax.
    void (*derivative)(bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *a, float *d);
    /// J_i of each row.
    void (*losses)(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *z,
                   const float *a, const float *y, ptrdiff_t y_stride, float *row_losses);
    /// δ(L) of each row.
    void (*output_delta)(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride,
                         const float *a, const float *y, ptrdiff_t y_stride, float *d);
    /// Σ x_i: 16 lane sums over blocks of 4096, block sums added in order.
    float (*sum)(const float *x, ptrdiff_t count);

    /// Updates of `count` parameters, a multiple of 16; `g` holds sums over the batch.
    void (*sgd)(const bp_update *u, ptrdiff_t count, const float *g, float *w);
    void (*momentum)(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *v);
    void (*adam)(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *m, float *v);

    /// Trains until the iterations are done, or the loss or gradient of one is not finite: that one is not updated by, and
    /// `refused` is set. Returns how many losses were written, the refused one among them. NULL for version 1 of the
    /// numerics.
    ptrdiff_t (*_Nullable train_small)(const bp_small_training *training, bool *refused);
    /// f(x) of `count` numbers, a multiple of 16.
    void (*function)(bp_function f, ptrdiff_t count, const float *x, float *out);
} bp_kernels;

/// The kernels of a level and a numerics version (1 or 2), or NULL if this build or this machine has none. The versions
/// differ in their elementary functions alone.
const bp_kernels *_Nullable bp_kernels_for(bp_level level, int numerics);

/// Whether this thread rounds to nearest and keeps denormals.
bool bp_float_environment_is_exact(void);

/// Bytes of physical memory, or 0 if the system does not say.
uint64_t bp_physical_memory(void);

/// Threads that wait for work. A pool of one thread is NULL.
typedef struct bp_pool bp_pool;
typedef void (*bp_task)(void *context, ptrdiff_t index);

/// Starts threads − 1 workers. On failure NULL, and `error` says why: an errno, or −1 for a float environment that is
/// not exact in a worker.
bp_pool *_Nullable bp_pool_create(ptrdiff_t threads, int *error);
void bp_pool_destroy(bp_pool *pool);
/// Runs task(context, 0 ..< count) on the workers and the caller, each index once, and returns when all are done.
/// While another thread uses the pool, the caller runs them all itself. count ≤ 65535.
void bp_pool_run(bp_pool *pool, bp_task task, void *context, ptrdiff_t count);

#pragma clang assume_nonnull end

#endif
