// FANN 2.2: sample by sample for batches of one row, otherwise an epoch of FANN's batch rule on each batch. It has
// neither ReLU nor softmax nor momentum for batches nor Adam. Its derivative is clipped near 0 and 1, and it halves the
// error of tanh outputs, so those train differently.
//
//     peer_fann FOLDER WORKLOAD THREADS SECONDS          as turns.py
#include <floatfann.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned sizes[64], layers;
static char hidden[16], output[16], loss[32], rule[16];
static float rate;
static long batch, rows, epochs;
static float *inputs, *targets;
static struct fann *net;
static struct fann_train_data **batches;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void skip(const char *why) {
    printf("skip %s\n", why);
    exit(0);
}

static FILE *file(const char *folder, const char *name, const char *end) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, end);
    FILE *f = fopen(path, "rb");
    if (!f) skip("the workload cannot be read");
    return f;
}

static void read_settings(FILE *f) {
    char line[4096];
    while (fgets(line, sizeof line, f)) {
        char *word = strtok(line, " \n");
        if (!strcmp(word, "sizes"))
            for (char *n; layers < 64 && (n = strtok(NULL, " \n"));) sizes[layers++] = (unsigned)atoi(n);
        else if (!strcmp(word, "activations"))
            for (char *n; (n = strtok(NULL, " \n")); snprintf(output, sizeof output, "%s", n))
                if (!*hidden) snprintf(hidden, sizeof hidden, "%s", n);
        if (!strcmp(word, "loss")) snprintf(loss, sizeof loss, "%s", strtok(NULL, " \n"));
        if (!strcmp(word, "optimizer")) {
            snprintf(rule, sizeof rule, "%s", strtok(NULL, " \n"));
            rate = strtof(strtok(NULL, " \n"), NULL);
        }
        if (!strcmp(word, "batch")) batch = atol(strtok(NULL, " \n"));
        if (!strcmp(word, "rows")) rows = atol(strtok(NULL, " \n"));
        if (!strcmp(word, "epochs")) epochs = atol(strtok(NULL, " \n"));
    }
    fclose(f);
}

static float *take(FILE *f, size_t count) {
    float *x = malloc(count * sizeof *x);
    if (!x || fread(x, sizeof *x, count, f) != count) skip("the workload is too short");
    return x;
}

static void set_weights(FILE *f) {
    unsigned from = 0;
    for (unsigned l = 0; l + 1 < layers; l++) {
        unsigned in = sizes[l], out = sizes[l + 1], to = from + in + 1;
        float *w = take(f, (size_t)in * out), *b = take(f, out);
        for (unsigned j = 0; j < out; j++) {
            for (unsigned i = 0; i < in; i++) fann_set_weight(net, from + i, to + j, w[j * in + i]);
            fann_set_weight(net, from + in, to + j, b[j]);
        }
        free(w), free(b);
        from = to;
    }
}

static void make_batches(void) {
    unsigned in = sizes[0], out = sizes[layers - 1];
    batches = malloc((size_t)(rows / batch) * sizeof *batches);
    for (long k = 0; k < rows / batch; k++) {
        batches[k] = fann_create_train((unsigned)batch, in, out);
        for (long r = 0; r < batch; r++) {
            memcpy(batches[k]->input[r], inputs + (k * batch + r) * in, in * sizeof(float));
            memcpy(batches[k]->output[r], targets + (k * batch + r) * out, out * sizeof(float));
        }
    }
}

static void one_pass(void) {
    for (long e = 0; e < epochs; e++)
        for (long k = 0; k < rows / batch; k++)
            if (batch == 1)
                fann_train(net, inputs + k * sizes[0], targets + k * sizes[layers - 1]);
            else
                fann_train_epoch(net, batches[k]);
}

int main(int count, char **words) {
    if (count != 5) return 64;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (atoi(words[3]) > 1) skip("one thread only");
    read_settings(file(words[1], words[2], "txt"));
    int is_tanh = !strcmp(hidden, "tanh");
    if (strcmp(rule, "sgd") || strcmp(loss, "half-squared-error") || strcmp(hidden, output) ||
        (!is_tanh && strcmp(hidden, "sigmoid")))
        skip("it has no such network or rule");
    FILE *f = file(words[1], words[2], "bin");
    inputs = take(f, (size_t)rows * sizes[0]);
    targets = take(f, (size_t)rows * sizes[layers - 1]);
    net = fann_create_standard_array(layers, sizes);
    fann_set_activation_function_hidden(net, is_tanh ? FANN_SIGMOID_SYMMETRIC : FANN_SIGMOID);
    fann_set_activation_function_output(net, is_tanh ? FANN_SIGMOID_SYMMETRIC : FANN_SIGMOID);
    // FANN's sigmoid is 1 / (1 + e^(-2 s x)), its tanh tanh(s x).
    fann_set_activation_steepness_hidden(net, is_tanh ? 1.0f : 0.5f);
    fann_set_activation_steepness_output(net, is_tanh ? 1.0f : 0.5f);
    fann_set_train_error_function(net, FANN_ERRORFUNC_LINEAR);
    fann_set_training_algorithm(net, batch == 1 ? FANN_TRAIN_INCREMENTAL : FANN_TRAIN_BATCH);
    fann_set_learning_rate(net, rate);
    fann_set_learning_momentum(net, 0);
    set_weights(f);
    make_batches();

    one_pass();
    long shown = rows < 1280 ? rows : 1280;
    double sum = 0;
    for (long r = 0; r < shown; r++) {
        float *y = fann_run(net, inputs + r * sizes[0]);
        for (unsigned j = 0; j < sizes[layers - 1]; j++) {
            double e = y[j] - targets[r * sizes[layers - 1] + j];
            sum += 0.5 * e * e;
        }
    }
    if (is_tanh) printf("ready\n");
    else printf("ready %.9g\n", sum / (double)shown);
    double seconds = atof(words[4]), start = now();
    one_pass();
    long passes = (long)(seconds / (now() - start)) + 1;
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        start = now();
        for (long i = 0; i < passes; i++) one_pass();
        printf("%.9g\n", (now() - start) / ((double)passes * (double)epochs * (double)(rows / batch)) * 1e6);
    }
}
