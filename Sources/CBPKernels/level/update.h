// The update rules. g is the finished sum over the batch times 1/B, plus λ W where weights decay. What a rule does without
// decay is compiled for itself: it costs nothing there.

typedef enum { NO_DECAY, COUPLED_DECAY, DECOUPLED_DECAY } bp_decay;

BP_INLINE bp_decay decay_of(const bp_update *u) {
    return u->shrink > 0 ? DECOUPLED_DECAY : u->weight_decay > 0 ? COUPLED_DECAY : NO_DECAY;
}

// The numbers of an update, each in all lanes. `rate` is −μ, or for Adam μ / (1 − β₁ᵗ); `shrink` is −μλ.
typedef struct {
    vf scale, rate, decay1, complement1, decay2, complement2, correction2, epsilon, lambda, shrink;
} bp_numbers;

BP_INLINE bp_numbers numbers_of(const bp_rule rule, const bp_update *u) {
    return (bp_numbers){
        .scale = splat(u->scale),
        .rate = splat(rule == BP_ADAM ? u->rate : -u->rate),
        .decay1 = splat(u->decay1),
        .complement1 = splat(u->complement1),
        .decay2 = splat(u->decay2),
        .complement2 = splat(u->complement2),
        .correction2 = splat(u->correction2),
        .epsilon = splat(u->epsilon),
        .lambda = splat(u->weight_decay),
        .shrink = splat(-u->shrink),
    };
}

// 16 parameters after an update, `mean` being S/B, to which λ W is added with the product fused. The slots are updated
// in place.
// SGD: W ← W − μ g, fused. Momentum: v ← β v + g, W ← W − μ v, both fused.
// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g² with the first term fused;
// W ← W − (m · μ/(1 − β₁ᵗ)) / (√(v · 1/(1 − β₂ᵗ)) + ε). Decoupled decay is W ← W − μλ W, fused, before that.
BP_INLINE vf updated(const bp_rule rule, bp_decay decay, const bp_numbers *n, vf mean, vf w, float *first,
                     float *second) {
    vf g = decay == COUPLED_DECAY ? fma16(n->lambda, w, mean) : mean;
    if (rule == BP_SGD) return fma16(n->rate, g, w);
    if (rule == BP_MOMENTUM) {
        vf velocity = fma16(n->decay1, load(first), g);
        store(first, velocity);
        return fma16(n->rate, velocity, w);
    }
    vf m = fma16(n->decay1, load(first), n->complement1 * g);
    vf v = fma16(n->decay2, load(second), n->complement2 * (g * g));
    store(first, m);
    store(second, v);
    vf divisor = __builtin_elementwise_sqrt(v * n->correction2) + n->epsilon;
    vf kept = decay == DECOUPLED_DECAY ? fma16(n->shrink, w, w) : w;
    return kept - (m * n->rate) / divisor;
}

BP_INLINE void update_pass(const bp_rule rule, bp_decay decay, const bp_update *u, ptrdiff_t count, const float *g,
                           float *w, float *first, float *second) {
    const bp_numbers n = numbers_of(rule, u);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES)
        store(w + i, updated(rule, decay, &n, load(g + i) * n.scale, load(w + i), first + i, second + i));
}

static void sgd(const bp_update *u, ptrdiff_t count, const float *g, float *w) {
    switch (decay_of(u)) {
    case NO_DECAY: update_pass(BP_SGD, NO_DECAY, u, count, g, w, w, w); break;
    default: update_pass(BP_SGD, COUPLED_DECAY, u, count, g, w, w, w); break;
    }
}

static void momentum(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *v) {
    switch (decay_of(u)) {
    case NO_DECAY: update_pass(BP_MOMENTUM, NO_DECAY, u, count, g, w, v, v); break;
    default: update_pass(BP_MOMENTUM, COUPLED_DECAY, u, count, g, w, v, v); break;
    }
}

static void adam(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *m, float *v) {
    switch (decay_of(u)) {
    case NO_DECAY: update_pass(BP_ADAM, NO_DECAY, u, count, g, w, m, v); break;
    case COUPLED_DECAY: update_pass(BP_ADAM, COUPLED_DECAY, u, count, g, w, m, v); break;
    case DECOUPLED_DECAY: update_pass(BP_ADAM, DECOUPLED_DECAY, u, count, g, w, m, v); break;
    }
}
