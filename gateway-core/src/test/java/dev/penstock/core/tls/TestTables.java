package dev.penstock.core.tls;

import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.TlsHost;
import dev.penstock.testkit.TestCertificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the configuration would hold: hosts and the Secrets they name. */
final class TestTables {
  private final List<TlsHost> hosts = new ArrayList<>();
  private final Map<String, KeyMaterial> keys = new HashMap<>();

  static KeyMaterial ec(String... names) {
    return material(TestCertificate.ec(names));
  }

  static KeyMaterial rsa(String... names) {
    return material(TestCertificate.rsa(names));
  }

  private static KeyMaterial material(TestCertificate certificate) {
    return new KeyMaterial(certificate.chainPem(), certificate.keyPem());
  }

  /** {@code secret} serves these hosts. */
  TestTables with(String secret, KeyMaterial material, String... names) {
    keys.put(secret, material);
    for (String name : names) {
      hosts.add(new TlsHost(new HostPattern(name), material.ref(secret)));
    }
    return this;
  }

  CertificateTable after(CertificateTable previous) {
    return previous.next(hosts, certificate -> keys.get(certificate.name()));
  }
}
