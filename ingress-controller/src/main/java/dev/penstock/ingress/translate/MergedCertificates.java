package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.FrozenMap;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.TlsHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every Secret that is named holds, and which certificate {@link CertificateMerge} chose for
 * each host, remembered from one translation to the next. A Secret is not read again while it is
 * the same object, one that cannot be used as long as the same name it and the same is served under
 * its name; a choice is made anew when the claims to the host change, or what one of its Secrets
 * holds. Not thread-safe.
 */
final class MergedCertificates {
  private static final Comparator<CertificateClaim> OLDEST_FIRST =
      Comparator.comparing(CertificateClaim::author)
          .thenComparingInt(CertificateClaim::index)
          .thenComparing(CertificateClaim::host);

  private final SortedMap<ObjectKey, Use> uses = new TreeMap<>();
  private final SortedMap<HostPattern, Served> hosts = new TreeMap<>();

  /** Hosts whose choice is to be made anew. */
  private final Set<HostPattern> outdated = new LinkedHashSet<>();

  private Map<ObjectKey, SecretObject> secrets = Map.of();
  private Merged last = new Merged(List.of(), Map.of());

  /** Sorted by host; the keys by {@code namespace/name}. */
  record Merged(List<TlsHost> hosts, Map<String, KeyMaterial> keys) {}

  private static final class Served {
    RouteMerge.Merged host;
    CertificateMerge.@Nullable Choice choice;

    Served(RouteMerge.Merged host) {
      this.host = host;
    }
  }

  /** A Secret that is named. */
  private static final class Use {
    /** These objects, and none that are equal; thousands of hosts may name one Secret. */
    final Set<CertificateClaim> claims = Collections.newSetFromMap(new IdentityHashMap<>(1));

    SecretTranslator.@Nullable Reading reading;

    /** Whether the Secret is another object than the one that was read. */
    boolean isOutdated;

    /** Whether others name it than those that a complaint names. */
    boolean isNamedAnew;

    /** What was served under its name when it was read. */
    @Nullable KeyMaterial served;

    void add(CertificateClaim claim) {
      claims.add(claim);
      isNamedAnew = true;
    }

    void remove(CertificateClaim claim) {
      claims.remove(claim);
      isNamedAnew = true;
    }
  }

  void update(List<MergedHosts.Change> changes) {
    for (MergedHosts.Change change : changes) {
      if (change.before() != null) withdraw(change.before());
    }
    for (MergedHosts.Change change : changes) {
      if (change.now() != null) add(change.now());
    }
  }

  private void withdraw(RouteMerge.Merged host) {
    if (hosts.remove(host.pattern()) != null) outdated.add(host.pattern());
    for (CertificateClaim claim : host.certificates()) {
      uses.computeIfPresent(
          claim.secret(),
          (secret, use) -> {
            use.remove(claim);
            return use.claims.isEmpty() ? null : use;
          });
    }
  }

  private void add(RouteMerge.Merged host) {
    if (host.certificates().isEmpty()) return;
    hosts.put(host.pattern(), new Served(host));
    outdated.add(host.pattern());
    for (CertificateClaim claim : host.certificates()) {
      uses.computeIfAbsent(claim.secret(), first -> new Use()).add(claim);
    }
  }

  /**
   * @param current all Secrets
   * @param translator of these
   * @param diagnostics takes the complaints: those of Secrets, then those of hosts
   */
  Merged merge(
      Map<ObjectKey, SecretObject> current,
      SecretTranslator translator,
      List<Diagnostic> diagnostics) {
    Complaints complaints = new Complaints();
    for (ObjectKey changed : Differences.between(secrets, current)) {
      Use use = uses.get(changed);
      if (use != null) use.isOutdated = true;
    }
    secrets = current;
    uses.forEach((key, use) -> read(key, use, translator, complaints));
    boolean isSame = outdated.isEmpty();
    for (HostPattern host : outdated) {
      Served served = hosts.get(host);
      if (served != null) served.choice = choose(served.host);
    }
    outdated.clear();
    for (Served served : hosts.values()) {
      if (served.choice != null) served.choice.complaints().forEach(complaints::add);
    }
    diagnostics.addAll(complaints.all());
    if (!isSame) last = served();
    return last;
  }

  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  private void read(ObjectKey key, Use use, SecretTranslator translator, Complaints complaints) {
    SecretTranslator.Reading before = use.reading;
    KeyMaterial served = translator.served(key);
    boolean isKnown =
        before != null
            && !use.isOutdated
            && (before.isCurrent() || before.isThere() && !use.isNamedAnew && use.served == served);
    if (!isKnown) {
      SecretTranslator.Reading now = translator.read(key, oldestFirst(use.claims));
      if (before == null || before.pair() != now.pair()) {
        for (CertificateClaim claim : use.claims) outdated.add(claim.host());
      }
      use.isOutdated = false;
      use.isNamedAnew = false;
      use.served = served;
      use.reading = now;
    }
    if (use.reading == null) return;
    complaints.addAll(use.reading.diagnostics());
    translator.judgeTimes(use.reading, complaints);
  }

  private CertificateMerge.Choice choose(RouteMerge.Merged host) {
    return CertificateMerge.choose(oldestFirst(host.certificates()), this::pair);
  }

  private static List<CertificateClaim> oldestFirst(Collection<CertificateClaim> claims) {
    return claims.stream().sorted(OLDEST_FIRST).toList();
  }

  private KeyPairs.@Nullable Pair pair(ObjectKey secret) {
    Use use = uses.get(secret);
    return use == null || use.reading == null ? null : use.reading.pair();
  }

  private Merged served() {
    List<TlsHost> served = new ArrayList<>(hosts.size());
    Map<String, KeyMaterial> keys = HashMap.newHashMap(uses.size());
    for (Served host : hosts.values()) {
      if (host.choice == null) continue;
      host.choice
          .served()
          .ifPresent(certificate -> {
            served.add(certificate.host());
            keys.put(certificate.host().certificate().name(), certificate.material());
          });
    }
    return new Merged(List.copyOf(served), FrozenMap.copyOf(keys));
  }
}
