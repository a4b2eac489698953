package dev.penstock.ingress.annotation;

import dev.penstock.model.text.Suggestion;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every annotation key of ingress-nginx 1.15, aliases included, with what Penstock does with it:
 * parser, validator and manual in one. A key that is not here is unknown.
 */
public final class AnnotationTable {
  /** Where the keys stand; {@code --annotations-prefix} of ingress-nginx. */
  public static final String PREFIX = "nginx.ingress.kubernetes.io/";

  private static final String DOMAIN = "nginx.ingress.kubernetes.io";
  private static final Pattern NO_PART_OF_A_KEY = Pattern.compile("[^a-z0-9./_-]");
  private static final Pattern SLASHES = Pattern.compile("/+");

  private static final SortedMap<String, Annotation> BY_KEY = byKey();

  private AnnotationTable() {}

  /** By key, in the order of the keys. */
  public static SortedMap<String, Annotation> all() {
    return BY_KEY;
  }

  /** The row of a key without its prefix; null when the key is unknown. */
  static @Nullable Annotation find(String key) {
    return BY_KEY.get(key);
  }

  /** Whether a whole key stands under a prefix that is not this one, but nearly. */
  public static boolean isNearPrefix(String key) {
    String prefix = key.substring(0, key.indexOf('/') + 1);
    return !prefix.equals(PREFIX) && !Suggestion.nearest(prefix, List.of(PREFIX)).isEmpty();
  }

  /**
   * The row's key that a whole key seems to be meant as: but for its case, characters that no key
   * holds, slashes, a dot for the slash, or the spelling of the prefix. Empty when it is written as
   * it should be, or nothing is known to be meant.
   */
  public static String meant(String key) {
    if (key.startsWith(PREFIX) && BY_KEY.containsKey(key.substring(PREFIX.length()))) return "";
    String text = plain(key);
    if (text.startsWith(DOMAIN + ".")) text = PREFIX + text.substring(PREFIX.length());
    boolean isOurs = text.startsWith(PREFIX) || isNearPrefix(text);
    String name = text.substring(text.indexOf('/') + 1);
    return isOurs && BY_KEY.containsKey(name) ? name : "";
  }

  /** Whether a key is our prefix alone, or nearly: what it holds are names without a prefix. */
  public static boolean isPrefixAlone(String key) {
    return plain(key).equals(DOMAIN) || isNearPrefix(plain(key) + "/");
  }

  private static String plain(String key) {
    if (isPlain(key)) return key;
    String text = NO_PART_OF_A_KEY.matcher(key.toLowerCase(Locale.ROOT)).replaceAll("");
    text = SLASHES.matcher(text).replaceAll("/");
    if (text.startsWith("/")) text = text.substring(1);
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Nearly all are, and there may be thousands of them in one object. */
  private static boolean isPlain(String key) {
    char before = '/';
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean isPart = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._-/".indexOf(c) >= 0;
      if (!isPart || c == '/' && before == '/') return false;
      before = c;
    }
    return before != '/';
  }

  /**
   * Whether a key was one of ingress-nginx's and is gone there, too. Old manifests still hold them.
   */
  static boolean isGone(String key) {
    return key.startsWith("global-rate-limit")
        || key.contains("opentracing")
        || key.startsWith("influxdb-")
        || key.equals("enable-influxdb")
        || key.equals("secure-verify-ca-secret")
        || key.equals("secure-backends");
  }

  private static SortedMap<String, Annotation> byKey() {
    SortedMap<String, Annotation> table = new TreeMap<>();
    Stream.of(
            RoutingAnnotations.ALL,
            RedirectAnnotations.ALL,
            CanaryAnnotations.ALL,
            BalancingAnnotations.ALL,
            AuthAnnotations.ALL,
            TlsAnnotations.ALL,
            CorsAnnotations.ALL,
            AccessAnnotations.ALL,
            ProxyAnnotations.ALL,
            ObservationAnnotations.ALL,
            EngineAnnotations.ALL)
        .flatMap(List::stream)
        .forEach(annotation -> {
          if (table.put(annotation.key(), annotation) != null) {
            throw new IllegalStateException(annotation.key() + " stands twice in the table");
          }
        });
    return Collections.unmodifiableSortedMap(table);
  }
}
