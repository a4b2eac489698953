package dev.penstock.ingress.source;

import java.time.Instant;

/**
 * How far what is served follows what is asked for, at one moment.
 *
 * @param version counts the changes that were applied; 0 = none yet
 * @param lastSuccess when what is served was last known to be what the source asked for; {@link
 *     Instant#EPOCH} = never
 * @param lastError why the last attempt to follow the source failed; empty when it succeeded
 * @param sourceReadable false while the source as a whole cannot be read
 * @param errors diagnostics of level ERROR that stand now
 * @param warnings diagnostics of level WARNING that stand now
 */
public record SyncStatus(
    long version,
    Instant lastSuccess,
    String lastError,
    boolean sourceReadable,
    int errors,
    int warnings) {
  static final SyncStatus INITIAL = new SyncStatus(0, Instant.EPOCH, "", true, 0, 0);
}
