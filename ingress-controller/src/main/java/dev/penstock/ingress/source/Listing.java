package dev.penstock.ingress.source;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The manifest files below a directory (or the one file) at one moment.
 *
 * <p>Links are followed. Names that begin with a dot are passed over: that leaves out version
 * control, editors' files, and the {@code ..data} directories by which Kubernetes swaps a mounted
 * ConfigMap, whose files are seen through the links that lead into them.
 *
 * @param files by name relative to the directory, with {@code /} between its parts
 * @param directories the directory and all below it, by path, with their inodes
 * @param unreadable what could not be listed or looked at, by the same names, with the reason
 */
record Listing(
    SortedMap<String, Fingerprint> files,
    Map<Path, Object> directories,
    SortedMap<String, String> unreadable) {
  /** Files; a cluster of 5,000 Ingresses with a file each fits twice. */
  static final int FILES_MAX = 10_000;

  /** Bytes of all files, which are held parsed: about ten times this in heap. */
  static final long TOTAL_BYTES_MAX = 64L << 20;

  /** Everything that is looked at, so that the root of a disk is not walked to its end. */
  static final int ENTRIES_MAX = 100_000;

  /** Bytes that a file may grow by before the total is counted anew, as every listing does. */
  private static final int GROWTH_MAX = 1 << 20;

  /** Levels of sub-directories. */
  private static final int DEPTH_MAX = 16;

  private static final Set<String> ENDINGS = Set.of(".yaml", ".yml", ".json");

  /** The listing was given up, because there is something better to do. */
  static final class GaveWay extends IOException {
    private static final long serialVersionUID = 1L;

    GaveWay() {
      super("gave way");
    }
  }

  /**
   * @param givesWay asked again and again; when it holds, the listing is given up
   * @throws GaveWay when it was
   * @throws IOException when the root itself cannot be read, or there is more than is allowed; its
   *     message is for the operator
   */
  static Listing of(Path root, Instant now, BooleanSupplier givesWay) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(root, BasicFileAttributes.class);
    } catch (IOException fault) {
      throw new IOException(FileFaults.reason(fault), fault);
    }
    Walk walk = new Walk(root, now, givesWay);
    if (attributes.isDirectory()) {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH_MAX, walk);
    } else {
      walk.single(attributes);
    }
    return new Listing(walk.files, walk.directories, walk.unreadable);
  }

  /**
   * The same with another look at some paths: manifests that were written, have come, or are gone.
   *
   * @return null when there may be more to it than that, or the bounds may be passed: then
   *     everything has to be listed
   */
  @Nullable Listing refreshed(Path root, Set<Path> paths, Instant now) {
    if (!directories.containsKey(root)) return null; // a single file
    SortedMap<String, Fingerprint> refreshed = new TreeMap<>(files);
    for (Path path : paths) {
      if (!isPlainManifest(root, path)) return null;
      String name = root.relativize(path).toString();
      Fingerprint current = Fingerprint.ofPath(path, now);
      if (current == null) {
        if (!Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) return null;
        refreshed.remove(name);
      } else {
        Fingerprint before = refreshed.put(name, current);
        long growth = current.size() - (before == null ? 0 : before.size());
        if (growth > GROWTH_MAX || !Files.isRegularFile(path)) return null;
      }
    }
    return refreshed.size() > FILES_MAX ? null : new Listing(refreshed, directories, unreadable);
  }

  /** By its name and place, and its directory is the one that was listed. */
  private boolean isPlainManifest(Path root, Path path) {
    String name = root.relativize(path).toString();
    boolean manifest =
        Walk.isManifest(name)
            && !String.valueOf(path.getFileName()).startsWith(".")
            && name.equals(ManifestText.printable(name));
    if (!manifest || unreadable.containsKey(name) || directories.containsKey(path)) return false;
    Path parent = path.getParent();
    if (parent == null) return false;
    Object listed = directories.get(parent);
    return listed != null && listed.equals(inodeNow(parent));
  }

  /** Null when there is no such directory. */
  private static @Nullable Object inodeNow(Path directory) {
    try {
      return Walk.inode(directory);
    } catch (IOException gone) {
      return null;
    }
  }

  /** Whether a file could not be seen because it, or a directory above it, is unreadable. */
  @Nullable String whyUnseen(String file) {
    String name = file;
    while (true) {
      String why = unreadable.get(name);
      if (why != null) return why;
      int slash = name.lastIndexOf('/');
      if (slash < 0) return null;
      name = name.substring(0, slash);
    }
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Instant now;
    private final SortedMap<String, Fingerprint> files = new TreeMap<>();
    private final Map<Path, Object> directories = new HashMap<>();
    private final SortedMap<String, String> unreadable = new TreeMap<>();
    private final BooleanSupplier givesWay;
    private int entries;
    private long totalBytes;

    Walk(Path root, Instant now, BooleanSupplier givesWay) {
      this.root = root;
      this.now = now;
      this.givesWay = givesWay;
    }

    void single(BasicFileAttributes attributes) throws IOException {
      files.put(String.valueOf(root.getFileName()), Fingerprint.of(attributes, now));
      Path parent = root.toAbsolutePath().getParent();
      if (parent != null) directories.put(parent, inode(parent));
    }

    private static Object inode(Path directory) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
      return attributes.fileKey() == null ? directory : attributes.fileKey();
    }

    private String name(Path path) {
      return root.relativize(path).toString();
    }

    private boolean isHidden(Path path) {
      return !path.equals(root) && String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      count();
      if (isHidden(directory)) return FileVisitResult.SKIP_SUBTREE;
      directories.put(directory, attributes.fileKey() == null ? directory : attributes.fileKey());
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      count();
      if (isHidden(file)) return FileVisitResult.CONTINUE;
      String name = name(file);
      if (attributes.isDirectory()) {
        unreadable.put(name, "deeper than " + DEPTH_MAX + " levels of directories");
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isSymbolicLink()) { // links are followed, so this one cannot be
        unreadable.put(name, "a symbolic link that leads nowhere");
        return FileVisitResult.CONTINUE;
      }
      if (!isManifest(name)) return FileVisitResult.CONTINUE;
      if (!attributes.isRegularFile()) {
        unreadable.put(name, "not a regular file");
        return FileVisitResult.CONTINUE;
      }
      files.put(name, Fingerprint.of(attributes, now));
      totalBytes += Math.min(attributes.size(), ManifestReader.FILE_BYTES_MAX);
      if (files.size() > FILES_MAX)
        throw new IOException("holds more than " + FILES_MAX + " files");
      if (totalBytes > TOTAL_BYTES_MAX) {
        throw new IOException("its files hold more than " + TOTAL_BYTES_MAX + " bytes");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException fault) throws IOException {
      count();
      if (path.equals(root)) throw new IOException(FileFaults.reason(fault), fault);
      if (isHidden(path)) return FileVisitResult.CONTINUE;
      unreadable.put(name(path), FileFaults.reason(fault));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
        throws IOException {
      if (fault == null) return FileVisitResult.CONTINUE;
      if (directory.equals(root)) throw new IOException(FileFaults.reason(fault), fault);
      unreadable.put(name(directory), FileFaults.reason(fault));
      return FileVisitResult.CONTINUE;
    }

    private void count() throws IOException {
      if (++entries > ENTRIES_MAX) {
        throw new IOException("holds more than " + ENTRIES_MAX + " files and directories");
      }
      if (givesWay.getAsBoolean()) throw new GaveWay();
    }

    private static boolean isManifest(String name) {
      return ENDINGS.stream().anyMatch(name::endsWith);
    }
  }
}
