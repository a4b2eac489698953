package dev.penstock.ingress.source.kubernetes;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What every loop works with.
 *
 * @param thread runs everything of the source, one task at a time; the caller owns and ends it
 * @param nanoTime a monotonic clock, the one that {@code thread} goes by
 * @param random for waiting times
 */
public record Machinery(
    ApiServer api,
    ScheduledExecutorService thread,
    LongSupplier nanoTime,
    RandomGenerator random) {}
