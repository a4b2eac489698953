package dev.penstock.scenarios;

/** What a change does to one host's file. */
enum ChangeKind {
  /** A file for a new host comes. */
  ADD,
  /** A host's file goes. */
  DELETE,
  /** The Ingress names another Service, which leads to another backend. */
  BACKEND,
  /** The EndpointSlice has another address. */
  ENDPOINT,
  /** The Secret holds another certificate. */
  SECRET
}
