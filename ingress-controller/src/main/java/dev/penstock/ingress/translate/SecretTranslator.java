package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.ingress.translate.KeyPairs.Pair;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final Map<ObjectKey, Absence> absent;
  private final Map<String, KeyMaterial> previous;
  private final Instant now;
  private final KeyPairs pairs;
  private final KnownNames names;

  /** Missing names of a namespace that were compared with those that are there. */
  private final Map<String, Integer> compared = new HashMap<>();

  /** Those of the Secret that is being read. */
  private List<Diagnostic> diagnostics = List.of();

  /**
   * What came of reading one Secret.
   *
   * @param isCurrent whether it could be read as it is now: then it means the same while it is the
   *     same object, whoever uses it and whatever else there is
   * @param isThere whether the Secret was found: then what is complained of depends on who names it
   *     and on what was served under its name, and on nothing else
   * @param source where complaints of its times belong
   * @param pair null when nothing can be served
   * @param diagnostics but for its times
   */
  record Reading(
      boolean isCurrent,
      boolean isThere,
      Source source,
      @Nullable Pair pair,
      List<Diagnostic> diagnostics) {}

  /**
   * @param previous what is served now, by {@code namespace/name}
   * @param pairs what earlier translations have read
   */
  SecretTranslator(
      ClusterView view, Map<String, KeyMaterial> previous, Instant now, KeyPairs pairs) {
    this.secrets = view.secrets();
    this.names = new KnownNames(secrets.keySet());
    this.absent = view.absent();
    this.previous = previous;
    this.now = now;
    this.pairs = pairs;
  }

  /**
   * @param users those who name this Secret, at least one, the oldest Ingress's first
   */
  Reading read(ObjectKey key, List<CertificateClaim> users) {
    diagnostics = new ArrayList<>(0);
    SecretObject secret = secrets.get(key);
    Pair current = secret == null ? null : current(secret, users);
    Pair served = current != null ? current : last(key);
    if (secret == null) missing(key, users, served != null);
    Source source = secret == null ? users.getFirst().source() : secret.source();
    return new Reading(current != null, secret != null, source, served, List.copyOf(diagnostics));
  }

  /** What is served under the name of a Secret. */
  @Nullable KeyMaterial served(ObjectKey key) {
    return previous.get(key.toString());
  }

  private @Nullable Pair last(ObjectKey key) {
    KeyMaterial material = served(key);
    if (material == null) return null;
    try {
      return pairs.read(material.chainPem(), material.keyPem());
    } catch (KeyMaterialException unusable) {
      return null; // never from us: only what has parsed is published
    }
  }

  private @Nullable Pair current(SecretObject secret, List<CertificateClaim> users) {
    for (String name : List.of(CHAIN, KEY)) {
      if (secret.tooLarge().contains(name)) {
        unusable(secret, name, isTooLarge(name), users);
        return null;
      }
      if (secret.data().getOrDefault(name, "").isBlank()) {
        boolean isThere = secret.data().containsKey(name);
        String fault =
            isThere
                ? "is empty"
                : "is missing (keys that are there: "
                    + Suggestion.list(secret.data().keySet())
                    + ")";
        unusable(secret, name, fault, users);
        return null;
      }
    }
    String chain = secret.data().getOrDefault(CHAIN, "");
    String key = secret.data().getOrDefault(KEY, "");
    try {
      Pair pair = pairs.read(chain, key);
      if (!secret.type().equals(TYPE)) {
        diagnostics.add(
            Diagnostic.warning(
                    secret.source(),
                    "type",
                    "is "
                        + Quote.of(secret.type())
                        + "; its certificate is served, but a cluster's are read one by one, and at most "
                        + ClusterView.NAMED_SECRETS_MAX
                        + " of them: create it with type "
                        + TYPE)
                .because(Reason.BAD_CERTIFICATE));
      }
      return pair;
    } catch (KeyMaterialException fault) {
      String part = fault.part() == KeyMaterialException.Part.CHAIN ? CHAIN : KEY;
      unusable(secret, part, Quote.plain(String.valueOf(fault.getMessage())), users);
      return null;
    }
  }

  private static String isTooLarge(String name) {
    return "holds more than "
        + SecretObject.bytesMax(name)
        + " bytes and is not read: put nothing in it but "
        + (name.equals(CHAIN) ? "the certificate and those that lead to its root" : "one key")
        + ", as PEM text";
  }

  private void unusable(
      SecretObject secret, String dataKey, String fault, List<CertificateClaim> users) {
    boolean hasLast = last(secret.key()) != null;
    String message = fault + "; the Secret is used by " + listed(users) + consequence(hasLast);
    String field = "data[" + dataKey + "]";
    diagnostics.add(
        (hasLast
                ? Diagnostic.warning(secret.source(), field, message)
                : Diagnostic.error(secret.source(), field, message))
            .because(Reason.BAD_CERTIFICATE));
  }

  private void missing(ObjectKey key, List<CertificateClaim> users, boolean hasLast) {
    Absence why = absent.get(key);
    boolean isKnown = why != Absence.FORBIDDEN;
    String message = isKnown ? Quote.sentence(isMissing(key, why)) : isForbidden(key);
    if (isKnown || hasLast) message += consequence(hasLast).substring(1);
    String told = message;
    users.stream()
        .map(user ->
            hasLast || !isKnown
                ? Diagnostic.warning(user.source(), user.field(), told)
                : Diagnostic.error(user.source(), user.field(), told))
        .map(found -> found.because(Reason.BAD_CERTIFICATE))
        .distinct()
        .forEach(diagnostics::add);
  }

  private String isMissing(ObjectKey key, @Nullable Absence why) {
    return switch (why) {
      case UNSOUGHT -> isUnsought(key);
      case NO_ROOM -> hasNoRoom(key);
      case NOT_YET ->
          named(key) + " is not read yet: many are named anew, or the API server does not tell it";
      case null, default -> isNotFound(key);
    };
  }

  private static String isForbidden(ObjectKey key) {
    return "nothing is known of "
        + named(key)
        + ", because the API server forbids to read it. A gateway that may not read it either serves"
        + " the default certificate, which clients do not trust: grant list and watch on it.";
  }

  private static String named(ObjectKey key) {
    return "Secret " + Quote.of(key.name()) + " in namespace " + Quote.of(key.namespace());
  }

  private String isNotFound(ObjectKey key) {
    int before = compared.merge(key.namespace(), 1, Integer::sum) - 1;
    return "no Secret "
        + Quote.of(key.name())
        + " was found in namespace "
        + Quote.of(key.namespace())
        + (before < KnownNames.MISSING_COMPARED_MAX ? names.near(key) : "");
  }

  private static String isUnsought(ObjectKey key) {
    return named(key)
        + " is not looked for, because the bound of "
        + ClusterView.NAMED_SECRETS_MAX
        + " Secrets by name is reached, of which each namespace has its share: name fewer there"
        + " that do not exist or are not of type "
        + TYPE
        + "; without --secrets=referenced those of that type need no place";
  }

  private static String hasNoRoom(ObjectKey key) {
    return named(key)
        + " has no room: the objects of all namespaces take all the memory that they may, and this"
        + " namespace takes more than its share; remove objects there, or give the gateway more"
        + " memory";
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

  /**
   * @param found takes what is wrong with the times at this moment
   */
  void judgeTimes(Reading reading, Complaints found) {
    Pair pair = reading.pair;
    if (pair == null) return;
    if (now.isAfter(pair.notAfter())) {
      found.add(
          Diagnostic.warning(
                  reading.source,
                  "data[" + CHAIN + "]",
                  "the certificate expired on "
                      + pair.notAfter()
                      + "; it is still served, but clients refuse it: renew it")
              .because(Reason.BAD_CERTIFICATE));
    } else if (now.isBefore(pair.notBefore())) {
      found.add(
          Diagnostic.warning(
                  reading.source,
                  "data[" + CHAIN + "]",
                  "the certificate is not valid before "
                      + pair.notBefore()
                      + "; it is served, but clients refuse it until then")
              .because(Reason.BAD_CERTIFICATE));
    }
  }
}
