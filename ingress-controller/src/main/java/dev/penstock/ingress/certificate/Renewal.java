package dev.penstock.ingress.certificate;

import dev.penstock.model.IssuedCertificate;
import dev.penstock.model.IssuedCertificate.Validity;
import dev.penstock.model.ParsedKeyMaterial;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When the certificates of the webhook are made anew. What is served is at any time signed by an
 * authority that has been published, and replaced long before it runs out: a new authority is
 * published beside the old one, then signs what is served, and the old one goes when every replica
 * serves that.
 *
 * <p>Nothing is remembered: what is due follows from the certificates themselves.
 */
public final class Renewal {
  public static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
  public static final Duration SERVED_LIFE = Duration.ofDays(90);

  /** After which part of its life a certificate is replaced. */
  private static final int DUE_NUMERATOR = 2;

  private static final int DUE_DENOMINATOR = 3;

  /** For API servers whose clock is behind. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  /** From the publication of an authority until every API server has heard of it. */
  static final Duration SPREADS = Duration.ofMinutes(2);

  /** From a new certificate until every replica serves it. */
  static final Duration OVERLAP = Duration.ofDays(1);

  private static final String NAME = "Penstock webhook";

  private final List<String> dnsNames;
  private final Instant now;
  private final boolean isPublished;
  private final List<X509Certificate> authorities;

  private Renewal(StoredKeys stored, List<String> dnsNames, Instant now, boolean isPublished) {
    this.dnsNames = dnsNames;
    this.now = now;
    this.isPublished = isPublished;
    this.authorities = new ArrayList<>(parsed(stored.authorities()));
  }

  /**
   * What has to be stored next.
   *
   * @param dnsNames that clients ask for
   * @param isPublished whether clients have been told of the stored authorities
   * @return the same when nothing is due
   */
  public static StoredKeys next(
      StoredKeys stored, List<String> dnsNames, Instant now, boolean isPublished) {
    return new Renewal(stored, dnsNames, now, isPublished).next(stored);
  }

  private StoredKeys next(StoredKeys stored) {
    Optional<ParsedKeyMaterial> signer =
        StoredKeys.parsed(stored.authorities(), stored.authorityKey())
            .filter(pair -> pair.leaf().getBasicConstraints() >= 0) // it may sign
            .filter(authority -> !isDue(authority.leaf()));
    boolean isNew = signer.isEmpty();
    ParsedKeyMaterial authority = signer.orElseGet(this::newAuthority);
    if (isNew) authorities.addFirst(authority.leaf());
    Optional<X509Certificate> served =
        StoredKeys.parsed(stored.chain(), stored.key())
            .filter(pair -> pair.dnsNames().equals(new TreeSet<>(dnsNames)))
            .map(ParsedKeyMaterial::leaf)
            .filter(leaf -> isValid(leaf) && authorities.stream().anyMatch(by -> isBy(by, leaf)));
    boolean isToBeMade =
        served.isEmpty() // nobody trusts what is served: then nobody is to be waited for
            || isDue(served.get()) && isBy(authority.leaf(), served.get())
            || !isBy(authority.leaf(), served.get()) && isKnown(authority.leaf());
    ParsedKeyMaterial made = isToBeMade ? newServed(authority) : null;
    X509Certificate serves = made == null ? served.orElseThrow() : made.leaf();
    return new StoredKeys(
        authorities(stored, authority.leaf(), serves),
        isNew ? IssuedCertificate.pem(authority.key()) : stored.authorityKey(),
        made == null ? stored.chain() : IssuedCertificate.pem(made.chain()),
        made == null ? stored.key() : IssuedCertificate.pem(made.key()));
  }

  /** The newest, and the one before it while what that one signed may be served. */
  private String authorities(StoredKeys stored, X509Certificate newest, X509Certificate serves) {
    List<X509Certificate> kept = new ArrayList<>(List.of(newest));
    boolean isOver = isBy(newest, serves) && !now.isBefore(madeAt(serves).plus(OVERLAP));
    authorities.stream()
        .skip(1)
        .limit(1)
        .filter(before -> !isOver && isValid(before))
        .forEach(kept::add);
    return kept.equals(parsed(stored.authorities()))
        ? stored.authorities()
        : IssuedCertificate.pem(kept);
  }

  private boolean isKnown(X509Certificate authority) {
    return isPublished && !now.isBefore(madeAt(authority).plus(SPREADS));
  }

  private boolean isDue(X509Certificate certificate) {
    Instant from = madeAt(certificate);
    Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
    return !now.isBefore(from.plus(life.multipliedBy(DUE_NUMERATOR).dividedBy(DUE_DENOMINATOR)));
  }

  private boolean isValid(X509Certificate certificate) {
    return now.isBefore(certificate.getNotAfter().toInstant());
  }

  private static Instant madeAt(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant().plus(BACKDATED);
  }

  private static boolean isBy(X509Certificate authority, X509Certificate certificate) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException notItsKey) {
      return false;
    }
  }

  private static List<X509Certificate> parsed(String pem) {
    return IssuedCertificate.parsed(pem);
  }

  private ParsedKeyMaterial newAuthority() {
    // A name of its own: clients look for the signer by its name.
    return IssuedCertificate.authority(NAME + " CA " + now.getEpochSecond(), life(AUTHORITY_LIFE));
  }

  private ParsedKeyMaterial newServed(ParsedKeyMaterial authority) {
    return IssuedCertificate.signed(authority, NAME, dnsNames, life(SERVED_LIFE));
  }

  private Validity life(Duration life) {
    return new Validity(now.minus(BACKDATED), now.plus(life));
  }
}
