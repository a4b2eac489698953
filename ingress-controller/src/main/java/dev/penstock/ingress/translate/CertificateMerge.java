package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.text.Quote;
import dev.penstock.ingress.text.Suggestion;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.TlsHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Joins the certificate claims of all Ingresses: one certificate for each host. Of several the
 * oldest Ingress's wins, and both sides are told; a Secret that cannot be served does not count.
 */
final class CertificateMerge {
  private final SortedMap<ObjectKey, KeyPairs.Pair> pairs = new TreeMap<>();
  private final Map<HostPattern, CertificateClaim> winners = new TreeMap<>();
  private final List<Diagnostic> diagnostics;

  private CertificateMerge(List<Diagnostic> diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Sorted by host; the keys by {@code namespace/name}. */
  record Merged(List<TlsHost> hosts, Map<String, KeyMaterial> keys) {}

  /** Takes the complaints in {@code diagnostics}. */
  static Merged merge(
      List<IngressPart> parts, SecretTranslator secrets, List<Diagnostic> diagnostics) {
    CertificateMerge merge = new CertificateMerge(diagnostics);
    List<CertificateClaim> claims =
        parts.stream()
            .flatMap(part -> part.certificates().stream())
            .filter(CertificateClaim::hasSecret)
            .sorted(
                Comparator.comparing(CertificateClaim::author)
                    .thenComparingInt(CertificateClaim::index))
            .toList();
    claims.stream()
        .collect(Collectors.groupingBy(CertificateClaim::secret, TreeMap::new, Collectors.toList()))
        .forEach((key, users) -> {
          KeyPairs.Pair pair = secrets.read(key, users);
          if (pair != null) merge.pairs.put(key, pair);
        });
    claims.forEach(merge::add);
    return merge.merged();
  }

  private void add(CertificateClaim claim) {
    KeyPairs.Pair pair = pairs.get(claim.secret());
    if (pair == null) return;
    CertificateClaim winner = winners.putIfAbsent(claim.host(), claim);
    boolean isServed = winner == null || winner.secret().equals(claim.secret());
    if (isServed && !pair.covers(claim.host())) notCovered(claim, pair);
    if (winner == null || isServed) return;
    diagnostics.add(
        Diagnostic.error(
            claim.source(),
            claim.field(),
            "host '"
                + claim.host()
                + "' has the certificate of Secret "
                + Quote.of(winner.secret().toString())
                + " by "
                + by(winner, claim)
                + "; Secret "
                + Quote.of(claim.secret().toString())
                + " is not served for it: name one Secret for the host"));
    if (winner.author().equals(claim.author())) return;
    diagnostics.add(
        Diagnostic.warning(
            winner.source(),
            winner.field(),
            "Ingress "
                + Quote.plain(claim.author().key().toString())
                + " names another Secret ("
                + Quote.of(claim.secret().toString())
                + ") for host '"
                + claim.host()
                + "'; this one is in force, because the Ingress "
                + winner.author().reasonBefore(claim.author())));
  }

  private static String by(CertificateClaim winner, CertificateClaim claim) {
    return winner.author().equals(claim.author())
        ? "an earlier entry (" + winner.field() + ")"
        : "Ingress "
            + Quote.plain(winner.author().key().toString())
            + ", which "
            + winner.author().reasonBefore(claim.author());
  }

  private void notCovered(CertificateClaim claim, KeyPairs.Pair pair) {
    List<String> names = new ArrayList<>(pair.dnsNames());
    diagnostics.add(
        Diagnostic.warning(
            claim.source(),
            claim.field(),
            "the certificate of Secret "
                + Quote.of(claim.secret().toString())
                + " is not for host '"
                + claim.host()
                + "' but for "
                + (names.isEmpty() ? "no name at all" : Suggestion.list(names))
                + "; it is served, but clients refuse it"));
  }

  private Merged merged() {
    Map<String, KeyMaterial> keys = new LinkedHashMap<>();
    List<TlsHost> hosts = new ArrayList<>();
    winners.forEach((host, claim) -> {
      KeyPairs.Pair pair = pairs.get(claim.secret());
      if (pair == null) return;
      String name = claim.secret().toString();
      keys.put(name, pair.material());
      hosts.add(new TlsHost(host, pair.material().ref(name)));
    });
    return new Merged(hosts, keys);
  }
}
