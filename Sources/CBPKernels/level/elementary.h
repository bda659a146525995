// Exponential, logarithm and hyperbolic tangent as polynomials of our own: libm's bits depend on the machine.
// Worst errors against the exact value, in units of the last place, are tested and stated in docs/numerics.md.

// e^x. x = n ln 2 + r with |r| ≤ ½ ln 2 (ln 2 in two parts), e^r = 1 + r + r² q(r), where what r and 1 + r lose to
// rounding is added again; times 2^n in two halves, so that a denormal result is rounded once.
BP_INLINE vf exp16(vf x) {
    x = select(x > splat(89.0f), splat(89.0f), x);
    x = select(x < splat(-104.5f), splat(-104.5f), x);
    const vf magic = splat(0x1.8p23f);
    vf shifted = fma16(x, splat(0x1.715476p0f), magic);
    vf n = shifted - magic;
    vf far = fma16(n, splat(-0x1.62e4p-1f), x);
    vf r = fma16(n, splat(-0x1.7f7d1cp-20f), far);
    vf lost = fma16(n, splat(-0x1.7f7d1cp-20f), far - r);
    vf q = splat(0x1.9f0816p-13f);
    q = fma16(q, r, splat(0x1.6d8db2p-10f));
    q = fma16(q, r, splat(0x1.111272p-7f));
    q = fma16(q, r, splat(0x1.55548ep-5f));
    q = fma16(q, r, splat(0x1.555554p-3f));
    q = fma16(q, r, splat(0.5f));
    vf sum = splat(1.0f) + r;
    vf p = sum + ((r - (sum - splat(1.0f))) + fma16(r * r, q, lost));
    vi whole = (vi)shifted - (vi)magic;
    vi half = whole >> 1;
    vf first = (vf)((half + 127) << 23), second = (vf)((whole - half + 127) << 23);
    return (p * first) * second;
}

// ln(1 + x) for x ≥ 0. u = 1 + x rounded = 2^k m with ½√2 ≤ m < √2; what the rounding lost is added to f = m − 1;
// ln(1 + f) = f − ½ f² + f³ p(f), and k ln 2 in two parts.
BP_INLINE vf log1p16(vf x) {
    const vf one = splat(1.0f);
    vf u = x + one;
    vf lost = select(x < one, x - (u - one), one - (u - x));
    vi k = ((vi)u - splat_bits(0x3F3504F3)) >> 23;
    vf f = (vf)((vi)u - (k << 23)) - one;
    vi exponent = splat_bits(127) - k;
    exponent = exponent & ~(exponent >> 31);  // 2^−k past the normal numbers: nothing is lost there
    f = f + lost * (vf)(exponent << 23);
    vf p = splat(0x1.145704p-4f);
    p = fma16(p, f, splat(-0x1.de50f2p-4f));
    p = fma16(p, f, splat(0x1.e6fbe0p-4f));
    p = fma16(p, f, splat(-0x1.fc1faep-4f));
    p = fma16(p, f, splat(0x1.23368ap-3f));
    p = fma16(p, f, splat(-0x1.555c54p-3f));
    p = fma16(p, f, splat(0x1.99a4c0p-3f));
    p = fma16(p, f, splat(-0x1.000006p-2f));
    p = fma16(p, f, splat(0x1.555548p-2f));
    vf square = f * f;
    vf n = __builtin_convertvector(k, vf);
    vf tail = fma16(n, splat(0x1.7f7d1cp-20f), square * (f * p));
    tail = fma16(square, splat(-0.5f), tail);
    vf result = fma16(n, splat(0x1.62e4p-1f), tail + f);
    result = select(x == splat(__builtin_inff()), x, result);
    return select(x == x, result, x);
}

// tanh x. Below 0.9 x + x³ p(x²), above 1 − 2 / (e^2|x| + 1), with the sign of x.
BP_INLINE vf tanh16(vf x) {
    vf size = magnitude(x);
    vf square = x * x;
    vf p = splat(-0x1.dd5566p-12f);
    p = fma16(p, square, splat(0x1.526f02p-9f));
    p = fma16(p, square, splat(-0x1.0ecab4p-7f));
    p = fma16(p, square, splat(0x1.62ee2ap-6f));
    p = fma16(p, square, splat(-0x1.b9c9c8p-5f));
    p = fma16(p, square, splat(0x1.110f34p-3f));
    p = fma16(p, square, splat(-0x1.55554ep-2f));
    vf near = fma16(square * size, p, size);
    vf far = splat(1.0f) - splat(2.0f) / (exp16(size + size) + splat(1.0f));
    return (vf)((vi)select(size < splat(0.9f), near, far) | sign_bits(x));
}

// 1 / (1 + e^−x), from e = e^−|x| ≤ 1: 1 / (1 + e) for x ≥ 0, e / (1 + e) below, accurate in both tails. The quotient is
// corrected by its remainder, from which also what 1 + e lost to rounding is taken.
BP_INLINE vf sigmoid16(vf x) {
    const vf one = splat(1.0f);
    vf e = exp16((vf)((vi)x | splat_bits((int32_t)0x80000000)));
    vi below = x < splat(0.0f);
    vf numerator = select(below, e, one), sum = one + e, lost = e - (sum - one);
    vf quotient = numerator / sum;
    vf remainder = fma16(-quotient, lost, fma16(-quotient, sum, numerator));
    vf inverse = select(below, one - quotient, quotient);
    return fma16(remainder, inverse, quotient);
}

static void bp_function_of(bp_function f, ptrdiff_t count, const float *x, float *out) {
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf v = load(x + i);
        switch (f) {
        case BP_FUNCTION_EXP: v = exp16(v); break;
        case BP_FUNCTION_LOG1P: v = log1p16(v); break;
        case BP_FUNCTION_TANH: v = tanh16(v); break;
        case BP_FUNCTION_SIGMOID: v = sigmoid16(v); break;
        }
        store(out + i, v);
    }
}
