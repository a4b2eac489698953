package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.TlsHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which certificate {@link CertificateMerge} chose for each host, remembered from one translation
 * to the next. A choice is taken again while the claims to the host and the pairs that they name
 * are the same. A memory and nothing else: with a fresh one a translation finds the same. It holds
 * the hosts of the last translation. Not thread-safe.
 */
final class MergedCertificates {
  private static final Comparator<CertificateClaim> OLDEST_FIRST =
      Comparator.comparing(CertificateClaim::author).thenComparingInt(CertificateClaim::index);

  private final KeptOrder<ObjectKey> order = new KeptOrder<>();
  private Map<HostPattern, Kept> before = new HashMap<>();

  private record Kept(RouteMerge.Merged host, CertificateMerge.Choice choice) {}

  /** Sorted by host; the keys by {@code namespace/name}. */
  record Merged(List<TlsHost> hosts, Map<String, KeyMaterial> keys) {}

  /**
   * @param hosts sorted, with all that Ingresses ask of them
   * @param diagnostics takes the complaints, in the order of the hosts
   */
  Merged merge(
      List<RouteMerge.Merged> hosts, SecretTranslator secrets, List<Diagnostic> diagnostics) {
    Map<ObjectKey, KeyPairs.Pair> pairs = read(hosts, secrets);
    Map<HostPattern, Kept> now = HashMap.newHashMap(before.size());
    List<TlsHost> served = new ArrayList<>();
    Map<String, KeyMaterial> keys = HashMap.newHashMap(pairs.size());
    for (RouteMerge.Merged host : hosts) {
      if (host.certificates().isEmpty()) continue;
      CertificateMerge.Choice choice = choice(host, pairs);
      now.put(host.pattern(), new Kept(host, choice));
      diagnostics.addAll(choice.diagnostics());
      choice
          .served()
          .ifPresent(certificate -> {
            served.add(certificate.host());
            keys.put(certificate.host().certificate().name(), certificate.material());
          });
    }
    before = now;
    return new Merged(served, keys);
  }

  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  private CertificateMerge.Choice choice(
      RouteMerge.Merged host, Map<ObjectKey, KeyPairs.Pair> pairs) {
    Kept kept = before.get(host.pattern());
    if (kept != null && kept.host == host && hasPairs(kept.choice, pairs)) return kept.choice;
    List<CertificateClaim> claims = host.certificates().stream().sorted(OLDEST_FIRST).toList();
    return CertificateMerge.choose(claims, pairs);
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private static boolean hasPairs(
      CertificateMerge.Choice choice, Map<ObjectKey, KeyPairs.Pair> pairs) {
    for (CertificateMerge.Named named : choice.named()) {
      if (pairs.get(named.secret()) != named.pair()) return false;
    }
    return true;
  }

  /** Every Secret that can be served. */
  private Map<ObjectKey, KeyPairs.Pair> read(
      List<RouteMerge.Merged> hosts, SecretTranslator secrets) {
    Map<ObjectKey, List<CertificateClaim>> users = HashMap.newHashMap(before.size());
    for (RouteMerge.Merged host : hosts) {
      for (CertificateClaim claim : host.certificates()) {
        users.computeIfAbsent(claim.secret(), first -> new ArrayList<>(1)).add(claim);
      }
    }
    Map<ObjectKey, KeyPairs.Pair> pairs = HashMap.newHashMap(users.size());
    for (ObjectKey secret : order.of(users.keySet())) {
      List<CertificateClaim> claims = users.getOrDefault(secret, List.of());
      claims.sort(OLDEST_FIRST);
      KeyPairs.Pair pair = secrets.read(secret, claims);
      if (pair != null) pairs.put(secret, pair);
    }
    return pairs;
  }
}
