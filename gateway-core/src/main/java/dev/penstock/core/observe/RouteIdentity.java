package dev.penstock.core.observe;

import dev.penstock.model.HostPattern;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The names of a route in meters and log, made once when the route is compiled. Two routes with
 * equal names share their meters, so a route keeps its counts over a recompilation.
 *
 * <p>Immutable; shared by all threads.
 */
public final class RouteIdentity {
  /** Of requests that no route takes. */
  public static final RouteIdentity UNMATCHED =
      new RouteIdentity(new Names("_", "", "", "", "", "", "-"));

  /**
   * The parts of an identity.
   *
   * @param host the host as configured, such as {@code *.example.com}; {@code _} for the default
   *     host. Never what a client sent
   * @param path the rule's path, not the request's
   * @param namespace of the object that asked for the route
   * @param ingress the name of that object
   * @param service the Service that the object names; empty without one
   * @param servicePort its port as the object names it; empty without one
   * @param upstream {@code namespace-service-port}; {@code -} for a route without an upstream
   */
  public record Names(
      String host,
      String path,
      String namespace,
      String ingress,
      String service,
      String servicePort,
      String upstream) {}

  private final Names names;
  final byte @Nullable [] hostBytes;
  final byte @Nullable [] pathBytes;
  final byte @Nullable [] namespaceBytes;
  final byte @Nullable [] ingressBytes;
  final byte @Nullable [] serviceBytes;
  final byte @Nullable [] servicePortBytes;
  final byte @Nullable [] upstreamBytes;
  final byte @Nullable [] routeBytes;

  public RouteIdentity(Names names) {
    this.names = names;
    hostBytes = bytes(names.host());
    pathBytes = bytes(names.path());
    namespaceBytes = bytes(names.namespace());
    ingressBytes = bytes(names.ingress());
    serviceBytes = bytes(names.service());
    servicePortBytes = bytes(names.servicePort());
    upstreamBytes = names.upstream().equals("-") ? null : bytes(names.upstream());
    routeBytes = names.path().isEmpty() ? null : bytes(names.host() + names.path());
  }

  /** The identity of a route of a virtual host, as configured. */
  public static RouteIdentity of(HostPattern host, Route route) {
    String upstream =
        route.action() instanceof RouteAction.Forward forward
            ? forward.targets().getFirst().upstream().logName()
            : "-";
    return new RouteIdentity(
        new Names(
            host.isAny() ? "_" : host.text(),
            route.match().text(),
            route.source().namespace(),
            route.source().name(),
            route.service(),
            route.servicePort(),
            upstream));
  }

  public Names names() {
    return names;
  }

  private static byte @Nullable [] bytes(String text) {
    return text.isEmpty() ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RouteIdentity that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
