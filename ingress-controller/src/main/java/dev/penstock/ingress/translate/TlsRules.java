package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.HostPattern;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code spec.tls[]} of one Ingress. An entry without hosts stands for the hosts of the rules
 * that no other entry lists; an entry without a Secret gives its hosts the default certificate. A
 * host that is listed here is sent from http to https whatever becomes of its Secret: a broken
 * Secret must not open a way around TLS.
 */
final class TlsRules {
  private final IngressObject ingress;
  private final Author author;
  private final Complaints diagnostics;
  private final List<CertificateClaim> claims = new ArrayList<>();
  private final Set<HostPattern> listed = new HashSet<>();

  /**
   * The hosts of rules, so that each of ten thousand hosts is not compared with as many.
   *
   * @param suffixes of those that are no wildcards: what follows their first label
   */
  record RuleHosts(Set<HostPattern> hosts, Set<String> suffixes) {
    static RuleHosts of(Set<HostPattern> hosts) {
      Set<String> suffixes = new HashSet<>();
      for (HostPattern host : hosts) {
        if (!host.isWildcard()) suffixes.add(suffix(host));
      }
      return new RuleHosts(hosts, suffixes);
    }

    /** Whether some rule takes requests for a host, or a wildcard covers the host of some rule. */
    boolean route(HostPattern host) {
      if (hosts.isEmpty() || hosts.contains(HostPattern.ANY) || hosts.contains(host)) return true;
      if (host.isWildcard()) return suffixes.contains(host.suffix());
      String suffix = suffix(host);
      return !suffix.isEmpty() && hosts.contains(new HostPattern("*" + suffix));
    }
  }

  /** Takes the complaints in {@code diagnostics}. */
  TlsRules(IngressObject ingress, Author author, Complaints diagnostics) {
    this.ingress = ingress;
    this.author = author;
    this.diagnostics = diagnostics;
  }

  /** Once, before the others. */
  void read(Set<HostPattern> ruleHosts) {
    RuleHosts rules = RuleHosts.of(ruleHosts);
    for (int i = 0; i < ingress.tls().size(); i++) {
      IngressObject.Tls entry = ingress.tls().get(i);
      for (int j = 0; j < entry.hosts().size(); j++) host(entry, i, j, rules);
    }
    Set<HostPattern> rest = new LinkedHashSet<>(ruleHosts);
    rest.removeIf(this::isListed);
    for (int i = 0; i < ingress.tls().size(); i++) {
      IngressObject.Tls entry = ingress.tls().get(i);
      if (entry.hosts().isEmpty()) withoutHosts(entry, i, rest);
      if (entry.secretName().isBlank()) noSecret(entry.source(), i);
    }
  }

  List<CertificateClaim> claims() {
    return claims;
  }

  /** Whether this Ingress lists the host, or a wildcard that covers it. */
  boolean isListed(HostPattern host) {
    if (listed.contains(host)) return true;
    String suffix = host.isWildcard() ? "" : suffix(host);
    return !suffix.isEmpty() && listed.contains(new HostPattern("*" + suffix));
  }

  /** What follows the first label, with its dot; empty when nothing does. */
  private static String suffix(HostPattern host) {
    int dot = host.text().indexOf('.');
    return dot > 0 ? host.text().substring(dot) : "";
  }

  private void host(IngressObject.Tls entry, int index, int at, RuleHosts rules) {
    String text = entry.hosts().get(at);
    String field = "spec.tls[" + index + "].hosts[" + at + "]";
    String fault = text.isEmpty() ? "it is empty" : HostPattern.fault(text);
    if (!fault.isEmpty()) {
      diagnostics.add(
          Diagnostic.error(
              entry.source(),
              field,
              Quote.of(text) + " cannot have a certificate: " + fault + "; it is set aside"));
      return;
    }
    HostPattern host = new HostPattern(text);
    if (!rules.route(host)) {
      diagnostics.add(
          Diagnostic.warning(
              entry.source(),
              field,
              Quote.of(text)
                  + " is the host of no rule of this Ingress; its certificate is served, but no"
                  + " path: is it spelt as in the rules?"));
    }
    claim(host, entry, index);
  }

  private void withoutHosts(IngressObject.Tls entry, int index, Set<HostPattern> hosts) {
    for (HostPattern host : hosts) {
      if (!host.isAny()) {
        claim(host, entry, index);
        continue;
      }
      listed.add(host);
      diagnostics.add(
          Diagnostic.warning(
                  entry.source(),
                  "spec.tls[" + index + "].hosts",
                  "is empty, and a rule has no host: clients that ask for a host of no other rule get"
                      + " the default certificate; list the hosts of the certificate")
              .because(Reason.BAD_CERTIFICATE));
    }
  }

  private void noSecret(Source source, int index) {
    diagnostics.add(
        Diagnostic.warning(
                source,
                "spec.tls[" + index + "].secretName",
                "is missing: its hosts are served with the default certificate, which clients do not"
                    + " trust; name a Secret of type kubernetes.io/tls")
            .because(Reason.BAD_CERTIFICATE));
  }

  private void claim(HostPattern host, IngressObject.Tls entry, int index) {
    listed.add(host);
    String secret = entry.secretName().isBlank() ? "" : entry.secretName();
    claims.add(
        new CertificateClaim(
            author,
            host,
            new ObjectKey(ingress.key().namespace(), secret),
            entry.source(),
            "spec.tls[" + index + "].secretName",
            claims.size()));
  }
}
