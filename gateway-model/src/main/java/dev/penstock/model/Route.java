package dev.penstock.model;

/**
 * One path of a virtual host.
 *
 * @param match which paths
 * @param action what is done
 * @param policy everything else
 * @param service {@code $service_name}: the Service that the source names; empty when there is none
 * @param servicePort {@code $service_port}
 * @param source the object that asked for this route
 */
public record Route(
    PathMatch match,
    RouteAction action,
    RoutePolicy policy,
    String service,
    String servicePort,
    Source source) {}
