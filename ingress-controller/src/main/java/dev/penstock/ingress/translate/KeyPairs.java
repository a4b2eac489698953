package dev.penstock.ingress.translate;

import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;

/**
 * What the texts of Secrets mean, remembered from one translation to the next: to read a pair and
 * to see that its halves belong together takes half a millisecond, so that thousands of
 * certificates would take seconds at each change of anything.
 *
 * <p>A memory and nothing else: with a fresh one a translation finds the same. It holds the pairs
 * of the last two translations, and of a certificate only what a translation asks for: the
 * certificate itself would take several kilobytes more. Not thread-safe: it belongs to one
 * translator.
 */
final class KeyPairs {
  private Map<Texts, Reading> before = Map.of();
  private Map<Texts, Reading> now = new HashMap<>();

  private record Texts(String chainPem, String keyPem) implements Comparable<Texts> {
    @Override
    public int compareTo(Texts other) {
      int order = chainPem.compareTo(other.chainPem);
      return order == 0 ? keyPem.compareTo(other.keyPem) : order;
    }

    @Override
    public String toString() {
      return "***";
    }
  }

  private sealed interface Reading {
    record Good(Pair pair) implements Reading {}

    record Bad(KeyMaterialException fault) implements Reading {}
  }

  /**
   * A certificate with its key, and what is asked of it.
   *
   * @param dnsNames {@link ParsedKeyMaterial#dnsNames}
   * @param notBefore {@link ParsedKeyMaterial#notBefore}
   * @param notAfter {@link ParsedKeyMaterial#notAfter}
   */
  record Pair(
      KeyMaterial material, SortedSet<String> dnsNames, Instant notBefore, Instant notAfter) {
    /** {@link ParsedKeyMaterial#covers}. */
    boolean covers(HostPattern host) {
      return ParsedKeyMaterial.covers(dnsNames, host);
    }
  }

  /** What the translation before the last one has used, and the last one has not, is forgotten. */
  void begin() {
    before = now;
    now = new HashMap<>();
  }

  /**
   * Reads and checks both texts, or remembers what came of it.
   *
   * @throws KeyMaterialException when they are no chain with its key that can be served
   */
  Pair read(String chainPem, String keyPem) throws KeyMaterialException {
    Texts texts = new Texts(chainPem, keyPem);
    Reading reading = now.get(texts);
    if (reading == null) {
      Reading remembered = before.get(texts);
      reading = remembered != null ? remembered : readAnew(chainPem, keyPem);
      now.put(texts, reading);
    }
    return switch (reading) {
      case Reading.Good good -> good.pair;
      case Reading.Bad bad -> throw bad.fault;
    };
  }

  private static Reading readAnew(String chainPem, String keyPem) {
    try {
      ParsedKeyMaterial parsed = ParsedKeyMaterial.parse(chainPem, keyPem);
      return new Reading.Good(
          new Pair(
              new KeyMaterial(chainPem, keyPem),
              parsed.dnsNames(),
              parsed.notBefore(),
              parsed.notAfter()));
    } catch (KeyMaterialException fault) {
      return new Reading.Bad(fault);
    }
  }
}
