package dev.penstock.core.loop;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;

/**
 * What one connection may hold of the memory for network buffers: as much as is good for speed
 * while there is enough, less and less while peers that do not take their bytes fill it, so that
 * thousands of them leave room for everybody else.
 *
 * <p>The process has one such memory ({@code -Dio.netty.maxDirectMemory}, bytes), and each loop a
 * budget of its own that measures all of it. Owned by that loop.
 */
public final class BufferBudget {
  /** What one reading brings at most; more made no request cheaper. */
  static final int PIECE_BYTES_MAX = 64 * 1024;

  /** What one reading may bring when memory is short. */
  static final int PIECE_BYTES_MIN = 2 * 1024;

  /** Linux, tcp(7): {@code struct tcp_info} as far as {@code tcpi_bytes_acked}, its last number. */
  private static final RawUnixChannelOption TCP_INFO =
      new RawUnixChannelOption("TCP_INFO", 6, 11, 128);

  private static final int TCP_INFO_BYTES_ACKED = 120;

  /** Readings between two measurements, when there is something to measure. */
  private static final int READINGS = 16;

  /** For pieces of 2, 4, 8, 16, 32 and 64 KiB. */
  private static final WriteBufferWaterMark[] MARKS = marks();

  private final LongSupplier reserved;
  private final LongSupplier held;
  private final long plenty;
  private final long scarce;
  private final long full;
  private final RecvByteBufAllocator reads = new PieceReads(this);

  private int piece = PIECE_BYTES_MAX;
  private WriteBufferWaterMark mark = MARKS[MARKS.length - 1];
  private int untilMeasured;

  /** Of the memory that the process has. */
  BufferBudget() {
    this(
        PlatformDependent.maxDirectMemory(),
        PlatformDependent::usedDirectMemory,
        BufferBudget::heldByProcess);
  }

  /** Netty has no arenas, and does not know, when there are only a few megabytes. */
  private static long heldByProcess() {
    long pooled = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    return pooled < 0 ? PlatformDependent.usedDirectMemory() : pooled;
  }

  /**
   * @param max bytes there are
   * @param reserved bytes that the allocator has taken of them, asked for at every reading
   * @param held bytes of buffers in use; takes microseconds, so it is asked for now and then, and
   *     only while more than a quarter is reserved
   */
  BufferBudget(long max, LongSupplier reserved, LongSupplier held) {
    this.reserved = reserved;
    this.held = held;
    plenty = max / 4;
    scarce = max / 2;
    full = max / 4 * 3;
  }

  private static WriteBufferWaterMark[] marks() {
    int count = Integer.numberOfTrailingZeros(PIECE_BYTES_MAX / PIECE_BYTES_MIN) + 1;
    WriteBufferWaterMark[] marks = new WriteBufferWaterMark[count];
    for (int i = 0; i < count; i++) {
      int piece = PIECE_BYTES_MIN << i;
      // One piece is below the high mark together with a head: else each answer of one piece would
      // stop and start the reading of its backend, two system calls.
      marks[i] = new WriteBufferWaterMark(piece / 2, piece + piece / 4);
    }
    return marks;
  }

  /** Sizes the buffers of channels that read. */
  public RecvByteBufAllocator reads() {
    return reads;
  }

  /**
   * Bounds what a channel is given to write before its other side is no longer read, from the next
   * write on. Cheap; to be called before writes that a peer's answer or body causes.
   */
  public void bound(ChannelConfig config) {
    if (config.getWriteBufferWaterMark() != mark) config.setWriteBufferWaterMark(mark);
  }

  /** Bytes that a channel was given to write and the kernel has yet to take. */
  public static long unsentBytes(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /**
   * Bytes that the peer has acknowledged since the connection began, which is what it took as far
   * as anybody but itself knows. A system call.
   *
   * @return -1 where the system does not say: NIO, not TCP, Linux before 4.1
   */
  public static long acknowledgedBytes(Channel channel) {
    if (!channel.isActive()) return -1;
    ByteBuffer info = channel.config().getOption(TCP_INFO);
    return info == null ? -1 : info.order(ByteOrder.nativeOrder()).getLong(TCP_INFO_BYTES_ACKED);
  }

  /** The bytes that the next reading may bring. */
  int piece() {
    if (reserved.getAsLong() <= plenty) {
      if (piece != PIECE_BYTES_MAX) share(0);
    } else if (--untilMeasured <= 0) {
      share(held.getAsLong());
    }
    return piece;
  }

  /**
   * Bytes too many: connections that hold them have to end, for smaller pieces are not enough.
   * Measures anew.
   */
  public long excessBytes() {
    if (reserved.getAsLong() <= full) return 0;
    long now = held.getAsLong();
    share(now);
    return Math.max(0, now - full);
  }

  private void share(long heldBytes) {
    untilMeasured = READINGS;
    long left = Math.clamp(scarce - heldBytes, 0, scarce - plenty);
    long fair = PIECE_BYTES_MAX * left / (scarce - plenty);
    piece = Math.max(PIECE_BYTES_MIN, Integer.highestOneBit((int) fair));
    mark = MARKS[Integer.numberOfTrailingZeros(piece / PIECE_BYTES_MIN)];
  }
}
