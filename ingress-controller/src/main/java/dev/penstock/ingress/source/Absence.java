package dev.penstock.ingress.source;

/** Why a Secret that is named is not known, though it may exist. */
public enum Absence {
  /** The API server forbids to read it. */
  FORBIDDEN,
  /** The objects of all namespaces take all the memory that they may. */
  NO_ROOM,
  /** Too many are named that have to be read by their names. */
  UNSOUGHT
}
