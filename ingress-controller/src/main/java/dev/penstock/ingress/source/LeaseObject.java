package dev.penstock.ingress.source;

/**
 * A {@code coordination.k8s.io/v1} Lease, trimmed to what an election reads. Its times are not: the
 * clock of another machine decides nothing here.
 *
 * @param holder empty when nobody holds it
 * @param seconds how long it holds after a renewal; 0 when absent
 * @param transitions how often the holder has changed
 */
public record LeaseObject(String holder, int seconds, int transitions) {}
