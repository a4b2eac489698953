package dev.penstock.testkit;

/** What became of a raw protocol case. */
public enum Verdict {
  /** Refused, with nothing at the backend. */
  REJECT,
  /** Refused after a part of the body had gone on: the backend saw an abort, nothing complete. */
  LATE_REJECT,
  /** Answered below 400, and the backend saw exactly the permitted requests. */
  CLEAN,
  /** Answered below 400 by the gateway, with nothing at the backend. */
  LOCAL,
  /** Neither answered nor closed in time. */
  HANG,
  /** The backend saw something malformed, or something complete that the client was refused. */
  DIRTY,
  /** Well-formed, but another number of requests than permitted. */
  COUNT,
  /** The backend saw bytes that must never reach it. */
  FORBID,
  /** The backend did not see what it must. */
  MISSING
}
