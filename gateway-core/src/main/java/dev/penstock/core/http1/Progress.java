package dev.penstock.core.http1;

/** What a resumable parser says after it has looked at a buffer. */
public enum Progress {
  /** Everything given was used; the part being read is not complete. */
  MORE,
  /** The part is complete; bytes left in the buffer belong to what follows it. */
  DONE,
  /** The peer broke the grammar or a limit; the connection must be closed. */
  REFUSED
}
