package dev.penstock.model;

import java.util.List;
import java.util.Map;

/**
 * What the controller hands the data plane at one moment, and what is kept on disk as the last good
 * state.
 *
 * @param config what is served
 * @param endpoints one set for each upstream of the configuration; an upstream without a set has no
 *     endpoint
 * @param keys the key material of every certificate that the configuration names, by {@link
 *     CertificateRef#name()}
 */
public record Publication(
    GatewayConfig config, List<EndpointSet> endpoints, Map<String, KeyMaterial> keys) {
  public Publication {
    endpoints = List.copyOf(endpoints);
    keys = FrozenMap.copyOf(keys);
    for (TlsHost host : config.tlsHosts()) {
      KeyMaterial material = keys.get(host.certificate().name());
      if (material == null || !material.fingerprint().equals(host.certificate().fingerprint())) {
        throw new IllegalArgumentException(
            "keys hold no material for certificate "
                + host.certificate().name()
                + " of host "
                + host.host());
      }
    }
  }

  public static final Publication EMPTY = new Publication(GatewayConfig.EMPTY, List.of(), Map.of());
}
