package dev.penstock.core.tls;

import dev.penstock.core.observe.DataPlane.CertificateFigures;
import dev.penstock.model.CertificateRef;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import dev.penstock.model.TlsHost;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Which context a name gets: the exact host, else the wildcard of its parent, else none, which
 * means the self-signed default. Immutable; one context for each certificate, shared by all of its
 * hosts and carried over from table to table while the certificate does not change.
 *
 * <p>A table owns one reference on each of its contexts, and so does each connection that was made
 * with one. The control thread publishes the next table and then retires the one before; a
 * handshake that still holds the retired one finds its contexts gone and looks again, in the table
 * published by then. No context is freed under a connection, and none outlives both.
 */
public final class CertificateTable {
  private final TlsContexts contexts;

  /** What all the rest was made of. */
  private final List<TlsHost> tlsHosts;

  /** Not written after the table was made, as the other maps. */
  private final Map<String, Served> hosts;

  /** By the wildcard's suffix, such as {@code .example.com}. */
  private final Map<String, Served> wildcards;

  private final Map<String, Served> byName;

  /** In the order of the hosts that ask for them. */
  private final Map<CertificateRef, Failure> failures = new LinkedHashMap<>();

  private final AtomicBoolean retired = new AtomicBoolean();

  private record Served(
      CertificateRef certificate, CertificateFacts facts, ReferenceCountedOpenSslContext context) {
    boolean tryRetain() {
      try {
        context.retain();
        return true;
      } catch (IllegalReferenceCountException freed) {
        return false;
      }
    }
  }

  /**
   * A certificate that cannot be served.
   *
   * @param certificate names the Secret
   * @param hosts the hosts that asked for it
   * @param keepsPrevious whether these hosts are served with what the same Secret held before;
   *     otherwise they get the default certificate
   * @param message why, in one line without any part of the key
   */
  public record Failure(
      CertificateRef certificate, List<HostPattern> hosts, boolean keepsPrevious, String message) {
    public Failure {
      hosts = List.copyOf(hosts);
    }
  }

  private CertificateTable(TlsContexts contexts, List<TlsHost> tlsHosts, Draft draft) {
    this.contexts = contexts;
    this.tlsHosts = tlsHosts;
    hosts = draft.hosts;
    wildcards = draft.wildcards;
    byName = draft.byName;
    draft.failures.forEach(
        (certificate, pending) -> failures.put(certificate, pending.toFailure()));
  }

  /** The table with which a process begins: every name gets the default certificate. */
  public static CertificateTable empty(TlsContexts contexts) {
    return new CertificateTable(contexts, List.of(), new Draft());
  }

  /**
   * Compiles the table that follows this one. Costs some hundred microseconds for each certificate
   * that is new, next to nothing for the others; not for an event loop. The caller publishes the
   * result and then {@link #retire() retires} this one, or retires the result instead.
   *
   * <p>Where no host has another certificate than before the result is this table itself, which is
   * then not to be retired.
   *
   * <p>A certificate that cannot be served harms no other. If this table serves an earlier one of
   * the same Secret, that one stays, so that a half-renewed pair never replaces a working one.
   *
   * @param tlsHosts when a host stands twice, the first counts
   * @param keys the material of a certificate, or null when there is none
   */
  public CertificateTable next(
      List<TlsHost> tlsHosts, Function<CertificateRef, @Nullable KeyMaterial> keys) {
    if (this.tlsHosts.equals(tlsHosts)) return this; // elements are the same objects, mostly
    Draft draft = new Draft();
    try {
      for (TlsHost host : tlsHosts) add(host, draft, keys);
    } catch (RuntimeException | Error unexpected) {
      draft.byName.values().forEach(served -> served.context().release());
      throw unexpected;
    }
    return new CertificateTable(contexts, List.copyOf(tlsHosts), draft);
  }

  private void add(
      TlsHost host, Draft draft, Function<CertificateRef, @Nullable KeyMaterial> keys) {
    CertificateRef certificate = host.certificate();
    Served served = draft.byName.get(certificate.name());
    if (served == null && !draft.failures.containsKey(certificate)) {
      served = serve(certificate, draft, keys);
      if (served != null) draft.byName.put(certificate.name(), served);
    }
    PendingFailure failure = draft.failures.get(certificate);
    if (failure != null) failure.hosts().add(host.host());
    if (served == null) return;
    if (host.host().isWildcard()) draft.wildcards.putIfAbsent(host.host().suffix(), served);
    else draft.hosts.putIfAbsent(host.host().text(), served);
  }

  /** With a reference for the draft; null when there is nothing to serve. */
  private @Nullable Served serve(
      CertificateRef certificate,
      Draft draft,
      Function<CertificateRef, @Nullable KeyMaterial> keys) {
    Served previous = byName.get(certificate.name());
    if (previous != null && !previous.tryRetain()) previous = null;
    if (previous != null && previous.certificate().equals(certificate)) return previous;
    String fault = knownFault(certificate);
    try {
      KeyMaterial material = fault == null ? keys.apply(certificate) : null;
      if (material != null) {
        ParsedKeyMaterial parsed = material.parse();
        Served fresh = new Served(certificate, CertificateFacts.of(parsed), contexts.make(parsed));
        if (previous != null) previous.context().release();
        return fresh;
      }
      if (fault == null) fault = "there is no key material for it";
    } catch (KeyMaterialException | SSLException unservable) {
      fault = String.valueOf(unservable.getMessage());
    }
    draft.failures.put(
        certificate, new PendingFailure(certificate, new ArrayList<>(), previous != null, fault));
    return previous;
  }

  /** The same material fails in the same way: it is not tried at every change of another. */
  private @Nullable String knownFault(CertificateRef certificate) {
    Failure failure = failures.get(certificate);
    return failure == null ? null : failure.message();
  }

  /** Certificates that cannot be served, in the order of the hosts that ask for them. */
  public List<Failure> failures() {
    return List.copyOf(failures.values());
  }

  /** What is served, without the default: every certificate and its hosts, both by name. */
  public List<CertificateFigures> certificates() {
    Map<Served, List<String>> hostsOf = new HashMap<>();
    for (Served served : byName.values()) hostsOf.put(served, new ArrayList<>());
    hosts.forEach((host, served) -> addHost(hostsOf, served, host));
    wildcards.forEach((suffix, served) -> addHost(hostsOf, served, "*" + suffix));
    List<CertificateFigures> figures = new ArrayList<>(byName.size());
    hostsOf.forEach((served, names) ->
        figures.add(
            served.facts().figures(served.certificate(), names.stream().sorted().toList())));
    figures.sort(Comparator.comparing(CertificateFigures::name));
    return figures;
  }

  private static void addHost(Map<Served, List<String>> hostsOf, Served served, String host) {
    List<String> hosts = hostsOf.get(served);
    if (hosts != null) hosts.add(host);
  }

  /** How many certificates are served, without the default. */
  public int size() {
    return byName.size();
  }

  TlsContexts contexts() {
    return contexts;
  }

  /** What {@link #acquire} found. */
  enum Miss {
    /** No certificate has this name: the default is served. */
    UNKNOWN,
    /** The table was retired meanwhile: look into the current one. */
    RETIRED
  }

  /**
   * The context for a name of a ClientHello, retained for the caller.
   *
   * @param serverName lower case, without a trailing dot; empty when the client named none
   * @return the context, or null as {@link #missOf} explains
   */
  @Nullable ReferenceCountedOpenSslContext acquire(String serverName) {
    Served served = find(serverName);
    return served != null && served.tryRetain() ? served.context() : null;
  }

  /** Why {@link #acquire} gave nothing. */
  Miss missOf(String serverName) {
    return find(serverName) == null ? Miss.UNKNOWN : Miss.RETIRED;
  }

  private @Nullable Served find(String serverName) {
    Served exact = hosts.get(serverName);
    if (exact != null) return exact;
    int dot = serverName.indexOf('.');
    return dot > 0 ? wildcards.get(serverName.substring(dot)) : null;
  }

  /**
   * Gives this table's references back; once, whoever calls again. To be called when the next table
   * is visible to every reader. Connections that were made with its contexts go on.
   */
  public void retire() {
    if (!retired.compareAndSet(false, true)) return;
    for (Served served : byName.values()) served.context().release();
  }

  private record PendingFailure(
      CertificateRef certificate, List<HostPattern> hosts, boolean keepsPrevious, String message) {
    Failure toFailure() {
      return new Failure(certificate, hosts, keepsPrevious, message);
    }
  }

  private static final class Draft {
    final Map<String, Served> hosts = new HashMap<>();
    final Map<String, Served> wildcards = new HashMap<>();
    final Map<String, Served> byName = new HashMap<>();
    final Map<CertificateRef, PendingFailure> failures = new LinkedHashMap<>();
  }
}
