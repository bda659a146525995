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
/// The rules by which parameters change. AdamW is Adam with `shrink`.
typedef enum { BP_SGD, BP_MOMENTUM, BP_ADAM } bp_rule;
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

/// Gradient and update of the parameters of a layer that lie in panels first_panel ..< end_panel and inputs
/// first_input ..< end_input; with input 0 go the biases of those panels.
typedef struct {
    ptrdiff_t batch, inputs, outputs;  // B, n_in, n_out
    ptrdiff_t block;                   // rows of a block of the sums, as in a product
    ptrdiff_t first_panel, end_panel, first_input, end_input;
    const float *a;  // a(l−1), [B × n_in]
    ptrdiff_t a_stride;
    const float *d;  // δ(l), [B × n_out]
    ptrdiff_t d_stride;
    float *w;  // the layer's packed parameters; its slots have the same layout
    float *_Nullable slot1, *_Nullable slot2;
    bp_rule rule;
    bp_update of_weights, of_biases;
} bp_descent;

/// The errors that a layer sends to its inputs first_input ..< end_input, a multiple of 16 the first: for `rows` ≤
/// BP_BACK_ROWS rows of a batch, out[b][i] = Σ_j d[j][b] w_ji, j ascending from +0 by fused multiply-add. `d` is
/// transposed, [outputs × rows].
enum { BP_BACK_ROWS = 256 };
typedef struct {
    ptrdiff_t rows, outputs, first_input, end_input;
    const float *d;
    ptrdiff_t d_stride;
    const float *w;
    ptrdiff_t w_panel;
    float *out;
    ptrdiff_t out_stride;
} bp_back;

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
    /// lanes past the inputs 0, for panels first ..< end of the inputs.
    void (*transpose)(ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t first, ptrdiff_t end, const float *w, float *out);

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
    /// `activate`, `losses` and `output_delta` of the output layer in one go, with the same bits.
    void (*output_edge)(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride,
                        const float *bias, ptrdiff_t bias_panel, float *z, float *a, const float *y,
                        ptrdiff_t y_stride, float *row_losses, float *d);
    /// Σ x_i: 16 lane sums over blocks of 4096, block sums added in order.
    float (*sum)(const float *x, ptrdiff_t count);

    /// Updates of `count` parameters, a multiple of 16; `g` holds sums over the batch.
    void (*sgd)(const bp_update *u, ptrdiff_t count, const float *g, float *w);
    void (*momentum)(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *v);
    void (*adam)(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *m, float *v);

    /// out[c][r] = x[r][c]; lanes past the rows are 0. The strides are multiples of 16.
    void (*transpose_rows)(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *x, float *out,
                           ptrdiff_t out_stride);
    void (*send_back)(const bp_back *back);
    void (*descend)(const bp_descent *descent);
    /// Raises `greatest`, the bits of a magnitude, to the greatest of |x|; a NaN is above infinity. Several threads may
    /// raise the same number.
    void (*note_greatest)(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *x, uint32_t *greatest);

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

/// `bytes` of zeros at an address that is a multiple of 64, up to the next multiple of 64, in huge pages if it is large and
/// the system has them; NULL if memory is short. Released with the same number of bytes.
float *_Nullable bp_allocate(size_t bytes);
void bp_release(float *memory, size_t bytes);

/// Threads that wait for work. A pool of one thread is NULL.
typedef struct bp_pool bp_pool;
typedef void (*bp_task)(void *context, ptrdiff_t index);

/// Starts threads − 1 workers. On failure NULL, and `error` says why: an errno, or −1 for a float environment that is
/// not exact in a worker.
bp_pool *_Nullable bp_pool_create(ptrdiff_t threads, int *error);
void bp_pool_destroy(bp_pool *pool);
/// Runs task(context, 0 ..< count) on the workers and the caller, each index once, and returns when all are done. Thread t,
/// the caller being 0, begins with indices starts[t] ..< starts[t + 1], in order, and then helps the others from the end
/// of theirs; NULL gives every thread an even share. While another thread uses the pool, the caller runs them all itself.
/// No share is longer than 65535.
void bp_pool_run(bp_pool *pool, bp_task task, void *context, ptrdiff_t count, const ptrdiff_t *_Nullable starts);

#pragma clang assume_nonnull end

#endif
