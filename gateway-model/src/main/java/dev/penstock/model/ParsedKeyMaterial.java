package dev.penstock.model;

import dev.penstock.model.KeyMaterialException.Part;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A certificate chain with the private key that belongs to its leaf, read and checked: what comes
 * out of {@link #parse} can be served. Expiry and names are not checked, because an expired
 * certificate, or one for another name, is served with a warning rather than not at all (as
 * ingress-nginx does).
 *
 * @param chain leaf first, from 1 to {@value #CERTIFICATES_MAX} certificates
 * @param key RSA of 2,048 to 8,192 bits, EC on P-256, P-384 or P-521
 */
public record ParsedKeyMaterial(List<X509Certificate> chain, PrivateKey key) {
  /** Public chains have two or three; every handshake sends them all. */
  public static final int CERTIFICATES_MAX = 16;

  private static final int SAN_DNS_NAME = 2;

  public ParsedKeyMaterial {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) throw new IllegalArgumentException("chain must not be empty");
  }

  /**
   * Reads PEM texts, which may be empty.
   *
   * @param chainPem certificates, leaf first; other blocks and text between them are skipped
   * @param keyPem its first private key counts: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted
   * @throws KeyMaterialException when this is no chain with its key that can be served
   */
  public static ParsedKeyMaterial parse(String chainPem, String keyPem)
      throws KeyMaterialException {
    List<X509Certificate> chain = Certificates.parse(chainPem);
    PrivateKeys.Parsed key = PrivateKeys.parse(keyPem);
    PrivateKeys.requireServable(chain.getFirst());
    if (PrivateKeys.belongTogether(chain.getFirst(), key)) {
      return new ParsedKeyMaterial(chain, key.key());
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!PrivateKeys.belongTogether(chain.get(i), key)) continue;
      throw new KeyMaterialException(
          Part.CHAIN,
          "the private key belongs to certificate "
              + (i + 1)
              + " of the chain ("
              + Certificates.nameOf(chain.get(i))
              + "); put that one first, its issuers behind it");
    }
    throw new KeyMaterialException(
        Part.KEY,
        "the private key does not belong to the certificate ("
            + Certificates.nameOf(chain.getFirst())
            + "); renew both together");
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** From this moment on clients accept the leaf. */
  public Instant notBefore() {
    return leaf().getNotBefore().toInstant();
  }

  /** The last moment at which clients accept the leaf. */
  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** {@code RSA} or {@code EC}. */
  public String algorithm() {
    return key.getAlgorithm();
  }

  /**
   * The names of the leaf, lower case: its dNSName subject alternative names, or its common name
   * when it has no alternative name of any kind (RFC 6125 §6.4.4).
   */
  public SortedSet<String> dnsNames() {
    SortedSet<String> names = new TreeSet<>();
    Collection<List<?>> alternatives;
    try {
      alternatives = leaf().getSubjectAlternativeNames();
    } catch (CertificateParsingException unreadable) {
      return names; // a client cannot read them either
    }
    if (alternatives == null) {
      String commonName = Certificates.commonName(leaf());
      if (!commonName.isEmpty()) names.add(normal(commonName));
      return names;
    }
    for (List<?> alternative : alternatives) {
      if (alternative.get(0) instanceof Integer kind
          && kind == SAN_DNS_NAME
          && alternative.get(1) instanceof String name) {
        names.add(normal(name));
      }
    }
    return names;
  }

  /**
   * Whether clients that ask for this host accept the leaf's names: the same name, or a wildcard
   * that stands for exactly one label (RFC 6125 §6.4.3). A wildcard host needs the same wildcard;
   * {@link HostPattern#ANY} is covered by nothing.
   */
  public boolean covers(HostPattern host) {
    return covers(dnsNames(), host);
  }

  /** The same for names that {@link #dnsNames} gave. */
  public static boolean covers(SortedSet<String> names, HostPattern host) {
    if (host.isAny()) return false;
    if (names.contains(host.text())) return true;
    int dot = host.text().indexOf('.');
    return !host.isWildcard() && dot > 0 && names.contains("*" + host.text().substring(dot));
  }

  private static String normal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  @Override
  public String toString() {
    return "ParsedKeyMaterial[" + Certificates.nameOf(leaf()) + ", key=***]";
  }
}
