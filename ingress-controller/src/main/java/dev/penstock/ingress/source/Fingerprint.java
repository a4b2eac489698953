package dev.penstock.ingress.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By what a changed file is known without reading it: times, size and inode of what a path leads
 * to, symbolic links followed, so that a swapped link is a changed file.
 *
 * <p>File systems stamp times by a clock of a few milliseconds: two writes of equal length within
 * one tick look alike. A file that was written just before it was read is therefore not {@code
 * settled}, and is read again until it is.
 *
 * @param key device and inode; null where the file system has none
 */
record Fingerprint(FileTime modified, long size, @Nullable Object key, boolean settled) {
  /** Longer than the coarsest time stamp in use (2 s, FAT). */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  static Fingerprint of(BasicFileAttributes attributes, Instant now) {
    Duration age = Duration.between(attributes.lastModifiedTime().toInstant(), now).abs();
    return new Fingerprint(
        attributes.lastModifiedTime(),
        attributes.size(),
        attributes.fileKey(),
        age.compareTo(SETTLE) > 0);
  }

  /** Null when there is nothing to be seen at the path. */
  static @Nullable Fingerprint ofPath(Path path, Instant now) {
    try {
      return of(Files.readAttributes(path, BasicFileAttributes.class), now);
    } catch (IOException gone) {
      return null;
    }
  }

  /** Whether the file may have changed since {@code earlier} was taken. */
  boolean mayDifferFrom(Fingerprint earlier) {
    return !earlier.settled
        || size != earlier.size
        || !modified.equals(earlier.modified)
        || !java.util.Objects.equals(key, earlier.key);
  }
}
