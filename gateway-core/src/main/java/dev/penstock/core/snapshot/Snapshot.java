package dev.penstock.core.snapshot;

import dev.penstock.core.http1.ForwardedRules;
import dev.penstock.core.router.Router;
import dev.penstock.core.tls.CertificateTable;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.model.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is served at one moment. An exchange reads it once and keeps what it found to its
 * end.
 *
 * @param version counts up from 0, which is the empty snapshot before the first configuration
 * @param settings limits and deadlines for connections and requests that begin from now on
 * @param forwardedRules who is believed what of a request's client; null = nobody
 * @param server the value of the Server field of every answer, ready to be written; empty = none
 * @param hsts the value of Strict-Transport-Security, ready to be written
 */
public record Snapshot(
    long version,
    Settings settings,
    Router<CompiledRoute> router,
    CertificateTable certificates,
    Map<dev.penstock.model.Upstream.Id, Upstream> upstreams,
    @Nullable ForwardedRules forwardedRules,
    byte[] server,
    byte[] hsts) {}
