package dev.penstock.core.exchange;

import dev.penstock.core.loop.Loop;
import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.RouteMeters;
import dev.penstock.core.snapshot.Published;
import dev.penstock.core.upstream.Connector;
import java.util.SplittableRandom;

/**
 * What all exchanges of one event loop share.
 *
 * @param unmatched counts requests that no route took
 * @param log takes nothing when the access log is off
 * @param requestIds makes ids where the client sent none: unique, not secret
 */
public record Scope(
    Loop loop,
    Published published,
    Connector connector,
    RouteMeters unmatched,
    AccessLog.LoopLog log,
    SplittableRandom requestIds) {}
