package dev.penstock.core.listener;

import dev.penstock.core.loop.BufferBudget;
import dev.penstock.core.loop.Deadline;
import dev.penstock.core.loop.Loop;
import dev.penstock.model.Settings;
import io.netty.channel.Channel;

/**
 * How long a client may take: one deadline for what we wait to read, one for what it should take.
 * The body's rate is a credit of time: it begins with the grace, every byte adds what it is worth
 * at the lowest rate, and it never grows beyond the grace; so no pause is ever longer than the
 * grace, whatever was sent before.
 */
final class DownstreamDeadlines {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * A client that took nothing for so long is ended early when memory is short. Where the system
   * does not say what was acknowledged, it is known in steps of {@code Host.UNSENT_BYTES_MAX / 2},
   * so that this is a rate, too.
   */
  private static final long STALLED_NANOS_MIN = NANOS_PER_SECOND;

  private static final long UNKNOWN = -1;

  private final Loop loop;
  private final Channel channel;
  private final Settings.Deadlines settings;
  private final Deadline read;
  private final Deadline write;
  private long creditEnds;
  private long unsentSeen;
  private long acknowledgedSeen;
  private long seenNanos;
  private final Http1Downstream connection;

  DownstreamDeadlines(
      Loop loop, Channel channel, Settings.Deadlines settings, Http1Downstream connection) {
    this.loop = loop;
    this.channel = channel;
    this.settings = settings;
    this.connection = connection;
    this.read = loop.deadline(connection::onReadDeadline);
    this.write = loop.deadline(this::onWriteDeadline);
  }

  void idle() {
    read.in(settings.keepAliveIdle().toNanos());
  }

  void head() {
    read.in(settings.head().toNanos());
  }

  void drain() {
    read.in(settings.localAnswerDrain().toNanos());
  }

  /** The client's body is wanted from now on. */
  void body() {
    if (settings.bodyBytesPerSecondMin() == 0) return;
    creditEnds = loop.nanos() + settings.bodyGrace().toNanos();
    read.at(creditEnds);
  }

  void bodyRead(int bytes) {
    int rate = settings.bodyBytesPerSecondMin();
    if (rate == 0 || !read.isArmed()) return;
    long earned = bytes * NANOS_PER_SECOND / rate;
    creditEnds = Math.min(creditEnds + earned, loop.nanos() + settings.bodyGrace().toNanos());
    read.at(creditEnds);
  }

  /** Nothing is waited for. */
  void clear() {
    read.clear();
  }

  /** Something is unsent, and nothing follows before some of it is taken: it has to be. */
  void written() {
    if (!write.isArmed()) watch(unsent(), UNKNOWN);
  }

  /** The client took enough that more may be written. */
  void taken() {
    write.clear();
  }

  /**
   * Sees what the client took; to be called about once a second. Watches from now on what is unsent
   * without being more than may be, which nobody else does while an exchange goes on.
   */
  void look() {
    long unsent = unsent();
    if (unsent == 0) return;
    long acknowledged = BufferBudget.acknowledgedBytes(channel);
    if (write.isArmed()) {
      if (isTaken(unsent, acknowledged)) watch(unsent, acknowledged);
      else acknowledgedSeen = acknowledged;
    } else if (acknowledged != UNKNOWN) { // else what is added could hide what is taken
      watch(unsent, acknowledged);
    }
  }

  private void onWriteDeadline() {
    long unsent = unsent();
    if (unsent == 0) return;
    long acknowledged = BufferBudget.acknowledgedBytes(channel);
    if (isTaken(unsent, acknowledged)) watch(unsent, acknowledged);
    else connection.onWriteStall();
  }

  private boolean isTaken(long unsent, long acknowledged) {
    return unsent < unsentSeen || acknowledgedSeen != UNKNOWN && acknowledged > acknowledgedSeen;
  }

  private void watch(long unsent, long acknowledged) {
    unsentSeen = unsent;
    acknowledgedSeen = acknowledged;
    seenNanos = loop.nanos();
    write.in(settings.writeStall().toNanos());
  }

  /** Bytes that wait for a client that takes none; 0 while it does, or has only begun not to. */
  long stalledBytes() {
    if (!write.isArmed() || loop.nanos() - seenNanos < STALLED_NANOS_MIN) return 0;
    long unsent = unsent();
    return isTaken(unsent, BufferBudget.acknowledgedBytes(channel)) ? 0 : unsent;
  }

  long unsent() {
    return BufferBudget.unsentBytes(channel);
  }

  void end() {
    read.cancel();
    write.cancel();
  }
}
