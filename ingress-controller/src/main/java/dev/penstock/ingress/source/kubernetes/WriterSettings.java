package dev.penstock.ingress.source.kubernetes;

import java.util.Optional;

/**
 * What the leader of the replicas writes to the Kubernetes API.
 *
 * @param status empty = none
 * @param events whether Events are written
 */
public record WriterSettings(Election election, Optional<StatusSettings> status, boolean events) {}
