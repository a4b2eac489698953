package dev.penstock.ingress.source.kubernetes;

/**
 * How many objects of a list are asked for at once: as many as came in so many bytes of the last
 * page, and a list begins with twice the fewest that the last one came to. A page that is too large
 * is read in vain, and costs the API server as much as one that is not. One thread.
 */
final class PageSize {
  /**
   * Bytes of a page: every kind may have one in memory. Fewer objects are asked for above it, and
   * of one that is larger by itself only so much is read.
   */
  static final int BYTES_MAX = 10 << 20; // 1.5 MiB in etcd, and JSON escapes with six bytes

  private static final int BYTES_MEANT = 4 << 20;

  /** By how much a page gets smaller that was too large. */
  private static final int CUT = 4;

  private final int objectsMax;
  private int objects;
  private int fewest;

  PageSize(int objectsMax) {
    this.objectsMax = objectsMax;
    this.fewest = objectsMax;
  }

  /** A list begins. */
  void begin() {
    objects = Math.min(objectsMax, 2 * fewest);
    fewest = objects;
  }

  /** For the next page. */
  int objects() {
    return objects;
  }

  /** The page was too large. */
  void isTooLarge() {
    is(Math.max(1, objects / CUT));
  }

  /** A page had so many objects in so many bytes. */
  void hasRead(int count, int bytes) {
    if (count == 0) return;
    long fit = (long) BYTES_MEANT * count / Math.max(1, bytes);
    is(Math.clamp(fit, 1, Math.min(objectsMax, 2 * objects)));
  }

  private void is(int size) {
    objects = size;
    fewest = Math.min(fewest, size);
  }
}
