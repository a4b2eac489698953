package dev.penstock.ingress.source.kubernetes;

/**
 * How many bytes of answers loops may hold together that are not read yet: anybody may have many
 * objects read that are as large as they can be. One thread.
 */
final class ReadRoom {
  private long free;

  /**
   * @param bytes at least those of one object
   */
  ReadRoom(long bytes) {
    this.free = bytes;
  }

  /** For a loop that is alone with its page, or its event, of which each has its own bound. */
  static ReadRoom ofItsOwn() {
    return new ReadRoom(Long.MAX_VALUE);
  }

  /** What one loop has of it. */
  final class Part {
    private long taken;

    /** Whether there was room for so many more bytes; then it is taken. */
    boolean take(long bytes) {
      if (bytes > free) return false;
      free -= bytes;
      taken += bytes;
      return true;
    }

    /** Gives back all but so many bytes of what was taken. */
    void keep(long bytes) {
      long kept = Math.min(bytes, taken);
      free += taken - kept;
      taken = kept;
    }
  }
}
