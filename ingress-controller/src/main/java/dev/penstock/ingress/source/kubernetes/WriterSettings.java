package dev.penstock.ingress.source.kubernetes;

import java.util.Optional;

/**
 * What the leader of the replicas writes to the Kubernetes API.
 *
 * @param identity of this process, like that of no other
 * @param election empty = there are no other replicas
 * @param status empty = none
 * @param events whether Events are written
 */
public record WriterSettings(
    String identity,
    Optional<Election> election,
    Optional<StatusSettings> status,
    boolean events) {}
