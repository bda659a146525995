// One pass over the parameters for each rule. g is the finished sum over the batch times 1/B, plus λ W where weights
// decay. What a rule does without decay is compiled for itself: it costs nothing there.

typedef enum { NO_DECAY, COUPLED_DECAY, DECOUPLED_DECAY } bp_decay;

BP_INLINE bp_decay decay_of(const bp_update *u) {
    return u->shrink > 0 ? DECOUPLED_DECAY : u->weight_decay > 0 ? COUPLED_DECAY : NO_DECAY;
}

// S/B, or S/B + λ W with the product fused.
BP_INLINE vf gradient_of(bp_decay decay, vf lambda, vf scale, vf sum, vf w) {
    vf g = sum * scale;
    return decay == COUPLED_DECAY ? fma16(lambda, w, g) : g;
}

// W ← W − μ g, fused.
BP_INLINE void sgd_pass(bp_decay decay, const bp_update *u, ptrdiff_t count, const float *g, float *w) {
    const vf scale = splat(u->scale), rate = splat(-u->rate), lambda = splat(u->weight_decay);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf old = load(w + i);
        store(w + i, fma16(rate, gradient_of(decay, lambda, scale, load(g + i), old), old));
    }
}

static void sgd(const bp_update *u, ptrdiff_t count, const float *g, float *w) {
    switch (decay_of(u)) {
    case NO_DECAY: sgd_pass(NO_DECAY, u, count, g, w); break;
    default: sgd_pass(COUPLED_DECAY, u, count, g, w); break;
    }
}

// v ← β v + g, W ← W − μ v, both fused.
BP_INLINE void momentum_pass(bp_decay decay, const bp_update *u, ptrdiff_t count, const float *g, float *w,
                             float *v) {
    const vf scale = splat(u->scale), rate = splat(-u->rate), beta = splat(u->decay1);
    const vf lambda = splat(u->weight_decay);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf old = load(w + i);
        vf velocity = fma16(beta, load(v + i), gradient_of(decay, lambda, scale, load(g + i), old));
        store(v + i, velocity);
        store(w + i, fma16(rate, velocity, old));
    }
}

static void momentum(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *v) {
    switch (decay_of(u)) {
    case NO_DECAY: momentum_pass(NO_DECAY, u, count, g, w, v); break;
    default: momentum_pass(COUPLED_DECAY, u, count, g, w, v); break;
    }
}

// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g² with the first term fused;
// W ← W − (m · μ/(1 − β₁ᵗ)) / (√(v · 1/(1 − β₂ᵗ)) + ε). Decoupled decay is W ← W − μλ W, fused, before that.
BP_INLINE void adam_pass(bp_decay decay, const bp_update *u, ptrdiff_t count, const float *g, float *w, float *m,
                         float *v) {
    const vf scale = splat(u->scale), rate = splat(u->rate), epsilon = splat(u->epsilon);
    const vf decay1 = splat(u->decay1), complement1 = splat(u->complement1);
    const vf decay2 = splat(u->decay2), complement2 = splat(u->complement2), correction2 = splat(u->correction2);
    const vf lambda = splat(u->weight_decay), shrink = splat(-u->shrink);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf old = load(w + i);
        vf gradient = gradient_of(decay, lambda, scale, load(g + i), old);
        vf first = fma16(decay1, load(m + i), complement1 * gradient);
        vf second = fma16(decay2, load(v + i), complement2 * (gradient * gradient));
        store(m + i, first);
        store(v + i, second);
        vf divisor = __builtin_elementwise_sqrt(second * correction2) + epsilon;
        vf kept = decay == DECOUPLED_DECAY ? fma16(shrink, old, old) : old;
        store(w + i, kept - (first * rate) / divisor);
    }
}

static void adam(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *m, float *v) {
    switch (decay_of(u)) {
    case NO_DECAY: adam_pass(NO_DECAY, u, count, g, w, m, v); break;
    case COUPLED_DECAY: adam_pass(COUPLED_DECAY, u, count, g, w, m, v); break;
    case DECOUPLED_DECAY: adam_pass(DECOUPLED_DECAY, u, count, g, w, m, v); break;
    }
}
