package dev.penstock.model;

/** How an endpoint is chosen for a request. */
public sealed interface Balancing {
  /** Each endpoint in its turn, each event loop for itself. */
  record RoundRobin() implements Balancing {}
}
