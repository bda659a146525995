// Calls every kernel of each numerics version on random shapes and numbers and prints a hash of what each gave. The same seed must
// print the same lines on every instruction set and processor; tools/check-neon compares them.
//
//     check-neon SET SEED CASES        SET: portable, avx2, avx512, neon
//
// To add a kernel: a function that draws its arguments, calls it and adds what it wrote to the hash, and its line in
// `checks`.
#include "CBPKernels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// aarch64's compiler would fuse products and sums of this file.
#pragma clang fp contract(off)

static const bp_kernels *kernels;
static uint64_t state, hash;

// SplitMix64.
static uint64_t draw(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}
static ptrdiff_t between(ptrdiff_t least, ptrdiff_t most) {
    return least + (ptrdiff_t)(draw() % (uint64_t)(most - least + 1));
}
static float unit(void) { return (float)(draw() >> 40) * 0x1p-24f; }

// Mostly of the size that networks have, sometimes of any size, and a few that are special.
static float number(void) {
    static const float special[] = {0.0f, -0.0f, 1.0f, -1.0f, 0x1p-149f, -0x1p-140f, 0x1p-126f, 88.7f, -103.9f};
    uint64_t kind = draw() % 64;
    if (kind == 0) return special[draw() % (sizeof special / sizeof *special)];
    float sign = draw() & 1 ? 1.0f : -1.0f;
    if (kind < 6) return sign * (1.0f + unit()) * __builtin_ldexpf(1.0f, (int)between(-30, 10));
    return sign * 4.0f * unit();
}

// All that a case allocates, on the boundary that kernels need.
static void *held[200];
static int holding;
static float *room(ptrdiff_t count) {
    size_t bytes = ((size_t)count * sizeof(float) + 63) / 64 * 64 + 64;
    float *x = aligned_alloc(64, bytes);
    if (!x || holding == 200) exit(2);
    memset(x, 0, bytes);
    return held[holding++] = x;
}
static void release(void) {
    while (holding > 0) free(held[--holding]);
}
static float *numbers(ptrdiff_t count) {
    float *x = room(count);
    for (ptrdiff_t i = 0; i < count; i++) x[i] = number();
    return x;
}
// [rows × width] with a stride; columns past the width are 0.
static float *matrix(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride) {
    float *x = room(rows * stride);
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t i = 0; i < width; i++) x[r * stride + i] = number();
    return x;
}
static ptrdiff_t padded(ptrdiff_t width) { return (width + BP_LANES - 1) / BP_LANES * BP_LANES; }

static void add(uint32_t word) { hash = (hash ^ word) * 0x100000001B3; }
// Which NaN a computation gives is not defined: all count as one.
static void add_floats(const float *x, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        add(x[i] != x[i] ? 0x7FC00000 : bits);
    }
}

// One sum of all, the block of numerics 2, or any other.
static ptrdiff_t block(void) {
    uint64_t kind = draw() % 4;
    return kind == 0 ? 0 : kind == 1 ? between(1, 256) : 128;
}

static void product(void) {
    ptrdiff_t rows = between(1, 40), depth = draw() % 4 ? between(1, 80) : between(200, 600), panels = between(1, 5);
    ptrdiff_t a_stride = padded(depth > rows ? depth : rows) + BP_LANES * between(0, 2);
    bool turned = draw() & 1, packed = draw() & 1, rowwise = draw() & 1;
    ptrdiff_t width = panels * BP_LANES, c_count = rowwise ? rows * width : panels * (rows + 1) * BP_LANES;
    float *c = room(c_count);
    bp_product x = {
        .rows = rows, .depth = depth, .panels = panels, .a = numbers(a_stride * (depth > rows ? depth : rows)),
        .a_row = turned ? 1 : a_stride, .a_k = turned ? a_stride : 1, .b = numbers((depth + 1) * width),
        .b_k = packed ? BP_LANES : width, .b_panel = packed ? (depth + 1) * BP_LANES : BP_LANES, .c = c,
        .c_row = rowwise ? width : BP_LANES, .c_panel = rowwise ? BP_LANES : (rows + 1) * BP_LANES, .block = block(),
    };
    add(kernels->product(&x));
    add_floats(c, c_count);
}

static void column_sums(void) {
    ptrdiff_t rows = between(1, 300), width = between(1, 100), stride = padded(width) + BP_LANES * between(0, 1);
    ptrdiff_t panel = BP_LANES * between(1, 5);
    float *out = room(padded(width) / BP_LANES * panel);
    add(kernels->column_sums(rows, width, stride, matrix(rows, width, stride), out, panel, block()));
    add_floats(out, padded(width) / BP_LANES * panel);
}

static void transpose(void) {
    ptrdiff_t inputs = between(1, 70), outputs = between(1, 70);
    float *out = room(padded(inputs) * outputs);
    kernels->transpose(inputs, outputs, 0, padded(inputs) / BP_LANES, numbers(padded(outputs) * (inputs + 1)), out);
    add_floats(out, padded(inputs) * outputs);
}

static void activate(void) {
    ptrdiff_t rows = between(1, 20), width = between(1, 70), stride = padded(width), panel = BP_LANES * between(1, 4);
    for (int f = BP_IDENTITY; f <= BP_SOFTMAX; f++) {
        float *bias = room(stride / BP_LANES * panel), *z = matrix(rows, width, stride), *a = room(rows * stride);
        for (ptrdiff_t i = 0; i < width; i++) bias[i / BP_LANES * panel + i % BP_LANES] = number();
        kernels->activate(f, rows, width, stride, bias, panel, z, draw() & 1 ? a : z);
        add_floats(z, rows * stride);
        add_floats(a, rows * stride);
        release();
    }
}

static void derivative(void) {
    ptrdiff_t rows = between(1, 20), width = between(1, 70), stride = padded(width);
    for (int f = BP_IDENTITY; f < BP_SOFTMAX; f++) {
        float *d = matrix(rows, width, stride);
        kernels->derivative(f, rows, width, stride, matrix(rows, width, stride), d);
        add_floats(d, rows * stride);
        release();
    }
}

// Losses and errors at the output of every loss and activation that go together.
static void outputs(void) {
    ptrdiff_t rows = between(1, 40), width = between(2, 40), stride = padded(width);
    for (int loss = BP_HALF_SQUARED_ERROR; loss <= BP_CROSS_ENTROPY; loss++)
        for (int f = BP_IDENTITY; f <= BP_SOFTMAX; f++) {
            if (loss == BP_CROSS_ENTROPY && f != BP_SIGMOID && f != BP_SOFTMAX) continue;
            float *z = matrix(rows, width, stride), *a = room(rows * stride), *y = room(rows * stride);
            float *bias = room(stride), *losses = room(rows), *d = room(rows * stride);
            for (ptrdiff_t r = 0; r < rows; r++) y[r * stride + between(0, width - 1)] = 1.0f;
            kernels->activate(f, rows, width, stride, bias, BP_LANES, z, a);
            kernels->losses(loss, f, rows, width, stride, z, a, y, stride, losses);
            kernels->output_delta(loss, f, rows, width, stride, a, y, stride, d);
            add_floats(losses, rows);
            add_floats(d, rows * stride);
            release();
        }
}

static void sum(void) {
    ptrdiff_t count = draw() % 8 ? between(1, 200) : between(4000, 9000);
    float total = kernels->sum(numbers(count), count);
    add_floats(&total, 1);
}

static void updates(void) {
    ptrdiff_t count = BP_LANES * between(1, 20);
    for (int decay = 0; decay < 3; decay++) {
        bp_update u = {
            .scale = 1.0f / (float)between(1, 200), .rate = unit(), .decay1 = 0.9f, .complement1 = 0.1f,
            .decay2 = 0.999f, .complement2 = 0.001f, .correction2 = 1.0f + 999.0f * unit(), .epsilon = 1e-8f,
            .weight_decay = decay == 1 ? unit() : 0.0f, .shrink = decay == 2 ? 0.01f * unit() : 0.0f,
        };
        float *g = numbers(count), *w = numbers(count), *m = numbers(count), *v = numbers(count);
        for (ptrdiff_t i = 0; i < count; i++) v[i] = __builtin_fabsf(v[i]);
        kernels->sgd(&u, count, g, w);
        kernels->momentum(&u, count, g, w, m);
        kernels->adam(&u, count, g, w, m, v);
        add_floats(w, count);
        add_floats(m, count);
        add_floats(v, count);
        release();
    }
}

// A packed layer: lanes past the outputs are 0.
static float *parameters(ptrdiff_t inputs, ptrdiff_t outputs, bool positive) {
    float *w = room(padded(outputs) * (inputs + 1));
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i <= inputs; i++) {
            float x = 0.3f * (2.0f * unit() - 1.0f);
            w[(j / BP_LANES * (inputs + 1) + i) * BP_LANES + j % BP_LANES] = positive ? x * x : x;
        }
    return w;
}

// Iterations of a small network under every rule, with losses and activations that go together.
static void small(void) {
    if (!kernels->train_small) return;
    ptrdiff_t layers = between(1, 3), rows = between(1, BP_SMALL_ROWS), iterations = between(1, 6), samples = rows * iterations;
    for (int rule = BP_SGD; rule <= BP_ADAM; rule++) {
        bp_small_layer layer[3];
        ptrdiff_t first = between(1, 40), inputs = first;
        bp_loss loss = draw() & 1 ? BP_CROSS_ENTROPY : BP_HALF_SQUARED_ERROR;
        for (ptrdiff_t l = 0; l < layers; l++) {
            bool last = l == layers - 1;
            ptrdiff_t outputs = last ? between(2, 20) : between(1, 40);
            bp_activation f = !last ? (bp_activation)between(BP_IDENTITY, BP_RELU)
                : loss == BP_CROSS_ENTROPY ? (draw() & 1 ? BP_SIGMOID : BP_SOFTMAX) : (bp_activation)between(BP_IDENTITY, BP_SOFTMAX);
            ptrdiff_t stride = padded(outputs), back = padded(inputs) * outputs;
            layer[l] = (bp_small_layer){
                .inputs = inputs, .outputs = outputs, .stride = stride, .activation = f,
                .w = parameters(inputs, outputs, false), .first = parameters(inputs, outputs, false),
                .second = parameters(inputs, outputs, true), .back = room(back), .back_first = room(back),
                .back_second = room(back), .a = room(rows * stride), .d = room(rows * stride),
            };
            inputs = outputs;
        }
        ptrdiff_t width = inputs, stride = padded(width);
        float *x = room(samples * padded(first)), *y = room(samples * stride), *losses = room(iterations);
        for (ptrdiff_t r = 0; r < samples; r++) {
            for (ptrdiff_t i = 0; i < first; i++) x[r * padded(first) + i] = number();
            y[r * stride + between(0, width - 1)] = 1.0f;
        }
        int32_t *order = draw() & 1 ? (int32_t *)room(samples) : NULL;
        for (ptrdiff_t r = 0; order && r < samples; r++) order[r] = (int32_t)between(0, samples - 1);
        double total = 0.0;
        bool refused = false;
        bp_small_training training = {
            .layers = layers, .layer = layer, .loss = loss, .rule = (bp_rule)rule,
            .update = {.scale = 1.0f / (float)rows, .rate = 0.05f * unit(), .decay1 = 0.9f, .complement1 = 0.1f,
                       .decay2 = 0.999f, .complement2 = 0.001f, .correction2 = 1.0f, .epsilon = 1e-8f,
                       .weight_decay = draw() & 1 ? 0.01f : 0.0f, .shrink = rule == BP_ADAM && draw() & 1 ? 0.001f : 0.0f},
            .rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .step = between(1, 1000), .x = x, .y = y,
            .x_stride = padded(first), .y_stride = stride, .order = order, .rows = rows, .iterations = iterations,
            .is_bounded = true, .gathered_x = room(rows * padded(first)), .gathered_y = room(rows * stride),
            .z = room(rows * stride), .row_losses = room(rows * BP_LANES), .losses = losses, .loss_sum = &total,
        };
        add((uint32_t)kernels->train_small(&training, &refused));
        add(refused);
        add_floats(losses, iterations);
        for (ptrdiff_t l = 0; l < layers; l++) {
            ptrdiff_t count = padded(layer[l].outputs) * (layer[l].inputs + 1);
            add_floats(layer[l].w, count);
            if (rule != BP_SGD) add_floats(layer[l].first, count);
            if (rule == BP_ADAM) add_floats(layer[l].second, count);
        }
        release();
    }
}

// Elementary functions, of any bits at all: infinities, NaN and denormals among them.
static void functions(void) {
    ptrdiff_t count = BP_LANES * between(1, 40);
    for (int f = BP_FUNCTION_EXP; f <= BP_FUNCTION_SIGMOID; f++) {
        float *x = numbers(count), *out = room(count);
        for (ptrdiff_t i = 0; i < count; i += 2) {
            uint32_t bits = (uint32_t)draw();
            memcpy(x + i, &bits, sizeof bits);
        }
        if (f == BP_FUNCTION_LOG1P)
            for (ptrdiff_t i = 0; i < count; i++) x[i] = __builtin_fabsf(x[i]);
        kernels->function(f, count, x, out);
        add_floats(out, count);
        release();
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} checks[] = {
    {"product", product}, {"column_sums", column_sums}, {"transpose", transpose}, {"activate", activate},
    {"derivative", derivative}, {"outputs", outputs}, {"sum", sum}, {"updates", updates}, {"small", small},
    {"functions", functions},
};

int main(int count, char **words) {
    if (count != 4) return 64;
    static const char *const names[] = {"portable", "avx2", "avx512", "neon"};
    int level = 0;
    while (level < 4 && strcmp(words[1], names[level])) level++;
    if (level == 4 || !bp_kernels_for((bp_level)level, 1)) {
        fprintf(stderr, "this machine has no %s\n", words[1]);
        return 3;
    }
    if (!bp_float_environment_is_exact()) {
        fprintf(stderr, "this machine does not round to nearest, or loses denormals\n");
        return 1;
    }
    for (int numerics = 1; (kernels = bp_kernels_for((bp_level)level, numerics)); numerics++)
        for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
            // Each kernel draws from a stream of its own, so that one that is added changes no other line.
            state = strtoull(words[2], NULL, 10);
            for (const char *c = checks[i].name; *c; c++) state = (state ^ (unsigned char)*c) * 0x100000001B3;
            hash = 0xCBF29CE484222325;
            for (long n = strtol(words[3], NULL, 10); n > 0; n--) {
                checks[i].run();
                release();
            }
            printf("numerics %d %s %016" PRIx64 "\n", numerics, checks[i].name, hash);
        }
}
