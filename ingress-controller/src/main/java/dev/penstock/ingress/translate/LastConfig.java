package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.SameObjects;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Settings;
import dev.penstock.model.TlsHost;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import java.util.List;

/**
 * The configuration of the last translation, taken again while its parts are the same objects: a
 * change of endpoints changes none of it, and it is not sorted, checked and compared anew. Not
 * thread-safe.
 */
final class LastConfig {
  private GatewayConfig last = GatewayConfig.EMPTY;

  /** All sorted. */
  GatewayConfig of(
      Settings settings,
      List<VirtualHost> hosts,
      List<Upstream> upstreams,
      List<TlsHost> tlsHosts) {
    boolean isSame =
        last.settings().equals(settings)
            && SameObjects.in(last.hosts(), hosts)
            && SameObjects.in(last.upstreams(), upstreams)
            && SameObjects.in(last.tlsHosts(), tlsHosts);
    if (!isSame) last = new GatewayConfig(settings, hosts, upstreams, tlsHosts);
    return last;
  }
}
