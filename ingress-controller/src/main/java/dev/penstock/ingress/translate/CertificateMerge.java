package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.TlsHost;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins the certificate claims of all Ingresses to one host: it gets one certificate. Of several
 * the oldest Ingress's wins, and both sides are told; a Secret that cannot be served does not
 * count.
 */
final class CertificateMerge {
  private final HostPattern host;
  private final List<Complaint> complaints = new ArrayList<>(0);

  private CertificateMerge(HostPattern host) {
    this.host = host;
  }

  /**
   * What came of the claims.
   *
   * @param served empty when no Secret can be served
   */
  record Choice(Optional<Served> served, List<Complaint> complaints) {
    Choice {
      complaints = List.copyOf(complaints);
    }
  }

  record Served(TlsHost host, KeyMaterial material) {}

  /**
   * @param claims to one host, at least one, the oldest Ingress's first; each has a Secret
   * @param pairs what a Secret holds that can be served, else null
   */
  static Choice choose(
      List<CertificateClaim> claims, Function<ObjectKey, KeyPairs.@Nullable Pair> pairs) {
    CertificateMerge merge = new CertificateMerge(claims.getFirst().host());
    CertificateClaim winner = null;
    for (CertificateClaim claim : claims) {
      KeyPairs.Pair pair = pairs.apply(claim.secret());
      if (pair == null) continue;
      if (winner == null) winner = claim;
      if (!winner.secret().equals(claim.secret())) merge.notServed(claim, winner);
      else if (!pair.covers(merge.host)) merge.notCovered(claim, pair);
    }
    return new Choice(merge.served(winner, pairs), merge.complaints);
  }

  private Optional<Served> served(
      @Nullable CertificateClaim winner, Function<ObjectKey, KeyPairs.@Nullable Pair> pairs) {
    KeyPairs.Pair pair = winner == null ? null : pairs.apply(winner.secret());
    if (winner == null || pair == null) return Optional.empty();
    KeyMaterial material = pair.material();
    return Optional.of(
        new Served(new TlsHost(host, material.ref(winner.secret().toString())), material));
  }

  private void notServed(CertificateClaim claim, CertificateClaim winner) {
    tell(
        Level.ERROR,
        Reason.CONFLICT,
        claim,
        () ->
            "host '"
                + claim.host()
                + "' has the certificate of Secret "
                + Quote.of(winner.secret().toString())
                + " by "
                + by(winner, claim)
                + "; Secret "
                + Quote.of(claim.secret().toString())
                + " is not served for it: name one Secret for the host");
    if (winner.author().equals(claim.author())) return;
    tell(
        Level.INFO,
        Reason.CONFLICT,
        winner,
        () ->
            "Ingress "
                + Quote.plain(claim.author().key().toString())
                + " names another Secret ("
                + Quote.of(claim.secret().toString())
                + ") for host '"
                + claim.host()
                + "'; this one is in force, because the Ingress "
                + winner.author().reasonBefore(claim.author()));
  }

  private void tell(Level level, Reason reason, CertificateClaim whose, Supplier<String> message) {
    complaints.add(
        new Complaint(
            level,
            whose.source(),
            () -> new Diagnostic(level, reason, whose.source(), whose.field(), message.get())));
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
    List<String> names = List.copyOf(pair.dnsNames());
    tell(
        Level.WARNING,
        Reason.BAD_CERTIFICATE,
        claim,
        () ->
            "the certificate of Secret "
                + Quote.of(claim.secret().toString())
                + " is not for host '"
                + claim.host()
                + "' but for "
                + (names.isEmpty() ? "no name at all" : Suggestion.list(names))
                + "; it is served, but clients refuse it");
  }
}
