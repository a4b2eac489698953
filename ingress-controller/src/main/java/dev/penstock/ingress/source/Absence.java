package dev.penstock.ingress.source;

/** Why a Secret that is named is not known, though it may exist. */
public enum Absence {
  /** The API server forbids to read it. */
  FORBIDDEN,
  /** It waits for its turn to be read by its name. */
  NOT_YET,
  /** The objects of all namespaces take all the memory that they may. */
  NO_ROOM,
  /** Too many are named that have to be read by their names. */
  UNSOUGHT
}
