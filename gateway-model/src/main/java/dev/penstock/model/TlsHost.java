package dev.penstock.model;

/**
 * Which certificate a TLS client gets that asks for a host by SNI.
 *
 * @param host never {@link HostPattern#ANY}: without a match the self-signed default is served
 * @param certificate which one
 */
public record TlsHost(HostPattern host, CertificateRef certificate) {
  public TlsHost {
    if (host.isAny()) throw new IllegalArgumentException("host must be a name or a wildcard");
  }
}
