package dev.penstock.core.tls;

import dev.penstock.core.observe.DataPlane.CertificateFigures;
import dev.penstock.model.CertificateRef;
import dev.penstock.model.ParsedKeyMaterial;
import java.util.List;

/**
 * What is told of a certificate that is served. The certificate itself, some kilobytes, is not kept
 * beside its context.
 *
 * @param issuer its distinguished name (RFC 2253)
 * @param serialNumber in decimal
 * @param keyAlgorithm {@code RSA} or {@code EC}
 */
record CertificateFacts(
    long notBeforeEpochSeconds,
    long notAfterEpochSeconds,
    String issuer,
    String serialNumber,
    String keyAlgorithm) {
  static CertificateFacts of(ParsedKeyMaterial material) {
    return new CertificateFacts(
        material.notBefore().getEpochSecond(),
        material.notAfter().getEpochSecond(),
        material.leaf().getIssuerX500Principal().getName(),
        material.leaf().getSerialNumber().toString(),
        material.algorithm());
  }

  CertificateFigures figures(CertificateRef certificate, List<String> hosts) {
    return new CertificateFigures(
        certificate.name(),
        certificate.fingerprint(),
        hosts,
        notBeforeEpochSeconds,
        notAfterEpochSeconds,
        issuer,
        serialNumber,
        keyAlgorithm);
  }
}
