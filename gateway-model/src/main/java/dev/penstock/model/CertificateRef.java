package dev.penstock.model;

/**
 * Names a certificate without holding its key: the key is fetched through an interface when a TLS
 * context is made.
 *
 * @param name {@code namespace/name} of the Secret
 * @param fingerprint lower-case hex SHA-256 over chain and key, so that a changed Secret is a
 *     changed reference
 */
public record CertificateRef(String name, String fingerprint) {
  public CertificateRef {
    Check.notBlank("name", name);
    Check.notBlank("fingerprint", fingerprint);
  }
}
