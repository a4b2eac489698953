package dev.penstock.core.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway serves at the moment: said by the control thread, read by readiness probes and
 * metrics. Any thread.
 */
public final class ServingState {
  /** All of whatever is said with care; a text of somebody else's has no end. */
  private static final int ERROR_CHARS_MAX = 4_000;

  /** Enough of an error for a label; the whole of it stands in the log. */
  private static final int LABEL_CHARS_MAX = 200;

  /**
   * One moment.
   *
   * @param version of the snapshot that serves; -1 = none yet
   * @param sinceEpochMillis when that snapshot began to serve; 0 = none yet
   * @param error why a later configuration was refused; null when the last one serves
   * @param errors diagnostics of that level that stand now
   * @param warnings the same
   * @param draining whether the shutdown has begun
   */
  record Moment(
      long version,
      long sinceEpochMillis,
      @Nullable String error,
      int errors,
      int warnings,
      boolean draining) {
    boolean ready() {
      return version >= 0 && !draining;
    }

    /** The error as the value of a label; empty when there is none. */
    String errorLabel() {
      return error == null ? "" : cut(error, LABEL_CHARS_MAX);
    }

    Moment withError(@Nullable String why) {
      return new Moment(version, sinceEpochMillis, why, errors, warnings, draining);
    }
  }

  /**
   * Whether this replica writes to the Kubernetes API.
   *
   * @param election by which it is found; empty = there is none
   */
  record Leader(String election, boolean leads) {}

  private final LongSupplier epochMillis;
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicReference<Moment> moment =
      new AtomicReference<>(new Moment(-1, 0, null, 0, 0, false));

  private volatile @Nullable Leader leader;
  private volatile @Nullable BooleanSupplier saving;

  public ServingState() {
    this(System::currentTimeMillis);
  }

  /**
   * Not ready yet.
   *
   * @param epochMillis the wall clock, milliseconds since 1970
   */
  public ServingState(LongSupplier epochMillis) {
    this.epochMillis = epochMillis;
  }

  /**
   * A snapshot serves. Forgets the last error.
   *
   * @param version 0 or more
   */
  public void serving(long version) {
    changes.incrementAndGet();
    long now = epochMillis.getAsLong();
    change(
        before -> new Moment(version, now, null, before.errors, before.warnings, before.draining));
  }

  /** A configuration was refused, and what served before serves on. */
  public void refused(String reason) {
    refusals.incrementAndGet();
    String error = cut(reason, ERROR_CHARS_MAX);
    change(before -> before.withError(error));
  }

  /** What was refused can be had again, and is what serves. */
  public void recovered() {
    change(before -> before.withError(null));
  }

  /** How much is wrong with what was asked for last. */
  public void diagnosed(int errors, int warnings) {
    change(before ->
        new Moment(
            before.version,
            before.sinceEpochMillis,
            before.error,
            errors,
            warnings,
            before.draining));
  }

  /** The shutdown has begun: not ready any more, for good. */
  public void drain() {
    change(before ->
        new Moment(
            before.version,
            before.sinceEpochMillis,
            before.error,
            before.errors,
            before.warnings,
            true));
  }

  /**
   * Whether this replica writes to the Kubernetes API.
   *
   * @param election by which it is found; empty = there is none
   */
  public void leads(String election, boolean leads) {
    leader = new Leader(election, leads);
  }

  /** Null when nothing is ever written. */
  @Nullable Leader leader() {
    return leader;
  }

  /**
   * What is served is saved for a restart.
   *
   * @param isFailing whether the last saving failed; asked by any thread
   */
  public void saved(BooleanSupplier isFailing) {
    saving = isFailing;
  }

  /** Whether what is served could not be saved; null when nothing is ever saved. */
  @Nullable BooleanSupplier savingFails() {
    return saving;
  }

  /** Whether traffic should be sent here. */
  public boolean ready() {
    return moment.get().ready();
  }

  /** How often a snapshot began to serve. */
  long changes() {
    return changes.get();
  }

  /** How often a configuration was refused. */
  long refusals() {
    return refusals.get();
  }

  Moment now() {
    return moment.get();
  }

  /** How long the snapshot has been serving, in seconds; 0 without one. */
  double ageSeconds(Moment of) {
    if (of.version < 0) return 0;
    return Math.max(0, epochMillis.getAsLong() - of.sinceEpochMillis) / 1000.0;
  }

  private static String cut(String text, int charsMax) {
    return text.length() > charsMax ? text.substring(0, charsMax) : text;
  }

  private void change(UnaryOperator<Moment> by) {
    moment.updateAndGet(by);
  }
}
