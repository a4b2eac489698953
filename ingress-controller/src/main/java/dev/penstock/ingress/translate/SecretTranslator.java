package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.ingress.text.Quote;
import dev.penstock.ingress.text.Suggestion;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import dev.penstock.model.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From a Secret to a certificate with its key. A Secret that is gone, incomplete or mismatched
 * never replaces a pair that worked: what was served before under its name stays in force.
 *
 * <p>Any type is accepted, as in ingress-nginx, because the two keys decide; a type other than
 * {@code kubernetes.io/tls} gets a warning, because a controller in a cluster sees Secrets of that
 * type only.
 */
final class SecretTranslator {
  private static final String TYPE = "kubernetes.io/tls";
  private static final String CHAIN = "tls.crt";
  private static final String KEY = "tls.key";

  /** Ingresses that a message lists. */
  private static final int USERS_LISTED_MAX = 3;

  private final Map<ObjectKey, SecretObject> secrets;
  private final Map<String, KeyMaterial> previous;
  private final Instant now;
  private final List<Diagnostic> diagnostics;

  /**
   * @param previous what is served now, by {@code namespace/name}
   * @param diagnostics takes the complaints
   */
  SecretTranslator(
      Map<ObjectKey, SecretObject> secrets,
      Map<String, KeyMaterial> previous,
      Instant now,
      List<Diagnostic> diagnostics) {
    this.secrets = secrets;
    this.previous = previous;
    this.now = now;
    this.diagnostics = diagnostics;
  }

  /** What is served for a Secret. */
  record Pair(KeyMaterial material, ParsedKeyMaterial parsed) {}

  /**
   * @param users those who name this Secret, at least one
   * @return null when nothing can be served
   */
  @Nullable Pair read(ObjectKey key, List<CertificateClaim> users) {
    SecretObject secret = secrets.get(key);
    Pair last = last(key);
    Pair current = secret == null ? null : current(secret, users, last != null);
    if (secret == null) missing(key, users, last != null);
    Pair served = current != null ? current : last;
    if (served != null) {
      judgeTimes(secret == null ? users.getFirst().source() : secret.source(), served.parsed());
    }
    return served;
  }

  private @Nullable Pair last(ObjectKey key) {
    KeyMaterial material = previous.get(key.toString());
    if (material == null) return null;
    try {
      return new Pair(material, material.parse());
    } catch (KeyMaterialException unusable) {
      return null; // never from us: only what has parsed is published
    }
  }

  private @Nullable Pair current(
      SecretObject secret, List<CertificateClaim> users, boolean hasLast) {
    for (String name : List.of(CHAIN, KEY)) {
      if (secret.data().getOrDefault(name, "").isBlank()) {
        boolean isThere = secret.data().containsKey(name);
        String fault =
            isThere
                ? "is empty"
                : "is missing (keys that are there: "
                    + Suggestion.list(secret.data().keySet())
                    + ")";
        unusable(secret, name, fault, users, hasLast);
        return null;
      }
    }
    String chain = secret.data().getOrDefault(CHAIN, "");
    String key = secret.data().getOrDefault(KEY, "");
    try {
      ParsedKeyMaterial parsed = ParsedKeyMaterial.parse(chain, key);
      if (!secret.type().equals(TYPE)) {
        diagnostics.add(
            Diagnostic.warning(
                secret.source(),
                "type",
                "is "
                    + Quote.of(secret.type())
                    + "; its certificate is served, but in a cluster only Secrets of type "
                    + TYPE
                    + " are seen: change the type"));
      }
      return new Pair(new KeyMaterial(chain, key), parsed);
    } catch (KeyMaterialException fault) {
      String part = fault.part() == KeyMaterialException.Part.CHAIN ? CHAIN : KEY;
      unusable(secret, part, Quote.plain(String.valueOf(fault.getMessage())), users, hasLast);
      return null;
    }
  }

  private void unusable(
      SecretObject secret,
      String dataKey,
      String fault,
      List<CertificateClaim> users,
      boolean hasLast) {
    String message = fault + "; the Secret is used by " + listed(users) + consequence(hasLast);
    String field = "data[" + dataKey + "]";
    diagnostics.add(
        hasLast
            ? Diagnostic.warning(secret.source(), field, message)
            : Diagnostic.error(secret.source(), field, message));
  }

  private void missing(ObjectKey key, List<CertificateClaim> users, boolean hasLast) {
    List<String> names =
        secrets.keySet().stream()
            .filter(other -> other.namespace().equals(key.namespace()))
            .map(ObjectKey::name)
            .toList();
    String message =
        Quote.sentence(
                "no Secret "
                    + Quote.of(key.name())
                    + " was found in namespace "
                    + Quote.of(key.namespace())
                    + Suggestion.near(key.name(), names))
            + consequence(hasLast).substring(1);
    users.stream()
        .map(user ->
            hasLast
                ? Diagnostic.warning(user.source(), user.field(), message)
                : Diagnostic.error(user.source(), user.field(), message))
        .distinct()
        .forEach(diagnostics::add);
  }

  private static String consequence(boolean hasLast) {
    return hasLast
        ? ". The certificate that was served before stays in force"
        : ". Its hosts are served with the default certificate, which clients do not trust";
  }

  private static String listed(List<CertificateClaim> users) {
    List<String> names =
        users.stream()
            .map(user -> "Ingress " + Quote.plain(user.author().key() + ""))
            .distinct()
            .toList();
    String first = names.stream().limit(USERS_LISTED_MAX).collect(Collectors.joining(", "));
    return names.size() <= USERS_LISTED_MAX
        ? first
        : first + " and " + (names.size() - USERS_LISTED_MAX) + " more";
  }

  private void judgeTimes(Source source, ParsedKeyMaterial parsed) {
    if (now.isAfter(parsed.notAfter())) {
      diagnostics.add(
          Diagnostic.warning(
              source,
              "data[" + CHAIN + "]",
              "the certificate expired on "
                  + parsed.notAfter()
                  + "; it is still served, but clients refuse it: renew it"));
    } else if (now.isBefore(parsed.notBefore())) {
      diagnostics.add(
          Diagnostic.warning(
              source,
              "data[" + CHAIN + "]",
              "the certificate is not valid before "
                  + parsed.notBefore()
                  + "; it is served, but clients refuse it until then"));
    }
  }
}
