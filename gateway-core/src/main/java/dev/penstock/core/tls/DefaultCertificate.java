package dev.penstock.core.tls;

import dev.penstock.model.IssuedCertificate;
import dev.penstock.model.ParsedKeyMaterial;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The self-signed certificate for names that no other one serves: a new key in every process, never
 * stored, so that it cannot be mistaken for something to trust. As ingress-nginx does, a client
 * without a match gets an untrusted certificate rather than a broken handshake, and the name in it
 * tells the operator where it came from.
 */
final class DefaultCertificate {
  static final String COMMON_NAME = "Penstock default certificate";

  /** Reserved (RFC 2606), so that it is nobody's name. */
  static final String DNS_NAME = "penstock.invalid";

  /** Longer than any process lives; nobody trusts it anyway. */
  private static final Duration VALIDITY = Duration.ofDays(3_650);

  /** For clients whose clock is behind. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  private DefaultCertificate() {}

  /** Costs as much as {@link IssuedCertificate}: not for an event loop. */
  static ParsedKeyMaterial make(Instant now) {
    return IssuedCertificate.selfSigned(
        COMMON_NAME,
        List.of(DNS_NAME),
        new IssuedCertificate.Validity(now.minus(BACKDATED), now.plus(VALIDITY)));
  }
}
