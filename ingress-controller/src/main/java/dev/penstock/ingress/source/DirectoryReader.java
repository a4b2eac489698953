package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory again and again, and each time only what may have changed. Holds the rules of
 * what a bad world may do: nothing.
 *
 * <ul>
 *   <li>A file that does not parse, or cannot be read, keeps its last good objects.
 *   <li>A file that had objects and holds none any more, without being deleted, keeps them too:
 *       most often it is being written.
 *   <li>A Secret whose companions cannot be read keeps its last good value.
 *   <li>A file that is gone takes its objects with it; but if it did not parse, and one of the same
 *       content is there that has none, it was renamed: that one keeps them. One that was emptied
 *       or could not be read is known again by its inode.
 *   <li>A directory that cannot be read, holds too much, or all at once holds no object any more
 *       changes nothing.
 * </ul>
 *
 * <p>One thread.
 */
final class DirectoryReader {
  /** What a look at the directory showed. */
  sealed interface Outcome {
    /** The same as the last time. */
    record Same() implements Outcome {}

    record View(Translation<ClusterView> view) implements Outcome {}

    /** Nothing can be known; the last view stands. */
    record Outage(Diagnostic why) implements Outcome {}

    /** Something else went first; nothing was looked at. */
    record GaveWay() implements Outcome {}
  }

  /**
   * @param fingerprint how the file looked when it was read
   * @param companions how its companions looked; empty = not there
   * @param digest of its content; empty when that was not read
   * @param parses whether that content can be read as manifests
   * @param good its last good objects, and the complaints of the last reading
   */
  private record Known(
      Fingerprint fingerprint,
      Map<Path, Optional<Fingerprint>> companions,
      String digest,
      boolean parses,
      FileObjects good) {
    /** A file that says the same and names no other file means the same. */
    boolean means(String currentDigest) {
      return companions.isEmpty() && digest.equals(currentDigest);
    }

    /** By what it is known again under another name; empty when it says itself what it holds. */
    String identity() {
      boolean saysNothing = !good.parsed() || good.holdsNothing();
      return DirectoryReader.identity(fingerprint, digest, parses, saysNothing);
    }

    /** Whether it could not be read at the last look: what heals that leaves no other trace. */
    boolean isUnread() {
      return digest.isEmpty();
    }
  }

  private final Path path;
  private final InstantSource clock;
  private final Set<ObjectKey> configMaps;
  private final ViewAssembly assembly = new ViewAssembly();
  private SortedMap<String, Known> known = new TreeMap<>();
  private @Nullable Listing listed;

  /** The view that was told last, and the part of its complaints that is not of any one file. */
  private @Nullable Translation<ClusterView> last;

  private List<Diagnostic> unread = List.of();
  private @Nullable Diagnostic outage;
  private boolean servedAlready;

  DirectoryReader(Path path, InstantSource clock) {
    this(path, clock, Set.of());
  }

  /**
   * @param configMaps those that are read
   */
  DirectoryReader(Path path, InstantSource clock, Set<ObjectKey> configMaps) {
    this.path = path;
    this.clock = clock;
    this.configMaps = Set.copyOf(configMaps);
  }

  /** From now on a first view without an object is an outage too: the last good state is served. */
  void servedAlready() {
    servedAlready = true;
  }

  /** Every directory that was listed last, with its inode: what is to be watched. */
  Map<Path, Object> directories() {
    return listed == null ? Map.of() : listed.directories();
  }

  /** Looks at everything. */
  Outcome read() {
    return read(() -> false);
  }

  /**
   * Looks at everything.
   *
   * @param givesWay asked again and again while the directory is listed; when it holds, the outcome
   *     is {@link Outcome.GaveWay}
   */
  Outcome read(BooleanSupplier givesWay) {
    Instant now = clock.instant();
    try {
      listed = Listing.of(path, now, givesWay);
      return accept(listed, now);
    } catch (Listing.GaveWay gaveWay) {
      return new Outcome.GaveWay();
    } catch (IOException fault) {
      listed = null;
      return outage("cannot be read: " + ManifestText.oneLine(fault.getMessage()));
    }
  }

  /**
   * Looks again at manifests that somebody has touched, and at everything when there may be more to
   * it. No other file is looked at.
   */
  Outcome readTouched(Set<Path> touched) {
    Instant now = clock.instant();
    Listing before = listed;
    // After an outage the files that are known are not those that were listed.
    if (before == null || last == null || outage != null) return read();
    Listing refreshed = before.refreshed(path, touched, now);
    if (refreshed == null) return read();
    // One that does not parse may have another name now, which only a look at everything shows.
    if (!vanished(refreshed).isEmpty()) return read();
    listed = refreshed;
    SortedMap<String, Known> next = new TreeMap<>(known);
    for (Path file : touched) {
      String name = path.relativize(file).toString();
      Fingerprint fingerprint = refreshed.files().get(name);
      if (fingerprint == null) next.remove(name);
      else next.put(name, readAnew(name, fingerprint, now, new HashMap<>()));
    }
    return accept(next, unread);
  }

  private Outcome accept(Listing listing, Instant now) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    SortedMap<String, Known> next = readFiles(listing, now, diagnostics);
    return accept(next, List.copyOf(diagnostics));
  }

  private Outcome accept(SortedMap<String, Known> next, List<Diagnostic> nextUnread) {
    if (last != null && outage == null && nextUnread.equals(unread) && sameObjects(next)) {
      known = next;
      return new Outcome.Same();
    }
    List<FileObjects> objects = new ArrayList<>(next.size());
    for (Known file : next.values()) objects.add(file.good);
    Translation<ClusterView> assembled = assembly.assemble(objects);
    List<Diagnostic> diagnostics = new ArrayList<>(nextUnread);
    diagnostics.addAll(assembled.diagnostics());
    ClusterView objectsOfAll = assembled.value().without(unknown(next));
    Translation<ClusterView> view = new Translation<>(objectsOfAll, diagnostics);
    if (emptied(view, next)) {
      return outage(
          "holds no object any more, all at once"
              + firstError(view)
              + "; restart Penstock without a last good state if nothing is to be served");
    }
    known = next;
    unread = nextUnread;
    outage = null;
    last = view;
    return new Outcome.View(view);
  }

  /** What cannot be read and has no last good objects here. */
  private Set<String> unknown(Map<String, Known> next) {
    Set<String> unknown = new HashSet<>();
    next.forEach((name, file) -> {
      if (!file.good.parsed() && file.good.holdsNothing()) unknown.add(name);
    });
    if (listed != null) unknown.addAll(listed.unreadable().keySet());
    unknown.removeIf(name -> isKept(next.get(name)));
    return unknown;
  }

  /** By identity: {@link #readFile} keeps the instance when a file says the same as before. */
  @SuppressWarnings("ReferenceEquality")
  private boolean sameObjects(SortedMap<String, Known> next) {
    if (next.size() != known.size()) return false;
    Iterator<Map.Entry<String, Known>> before = known.entrySet().iterator();
    for (Map.Entry<String, Known> entry : next.entrySet()) {
      Map.Entry<String, Known> earlier = before.next(); // both are sorted
      if (entry.getValue().good != earlier.getValue().good) return false;
      if (!entry.getKey().equals(earlier.getKey())) return false;
    }
    return true;
  }

  /** Whatever the errors are: no error may take everything down. */
  private boolean emptied(Translation<ClusterView> view, Map<String, Known> next) {
    boolean isEmpty = view.value().holdsNothing();
    if (last != null) return isEmpty && !last.value().holdsNothing();
    // What closes in place of files that cannot be read is no object to start with.
    boolean isUnread =
        next.values().stream().allMatch(f -> !f.good.parsed() && f.good.holdsNothing());
    return servedAlready && (isEmpty || isUnread);
  }

  private static String firstError(Translation<ClusterView> view) {
    return view.diagnostics().stream()
        .filter(diagnostic -> diagnostic.level() == Diagnostic.Level.ERROR)
        .findFirst()
        .map(diagnostic -> " (" + diagnostic + ")")
        .orElse("");
  }

  private Outcome outage(String why) {
    Diagnostic diagnostic =
        Diagnostic.error(
            Source.ofFile(ManifestText.oneLine(path.toString()), 0, 0),
            "",
            why + "; what was served before is served on");
    if (diagnostic.equals(outage)) return new Outcome.Same();
    outage = diagnostic;
    return new Outcome.Outage(diagnostic);
  }

  private SortedMap<String, Known> readFiles(
      Listing listing, Instant now, List<Diagnostic> diagnostics) {
    SortedMap<String, Known> next = new TreeMap<>();
    Map<String, Known> vanished = vanished(listing);
    listing
        .files()
        .forEach((name, fingerprint) -> {
          if (name.equals(ManifestText.printable(name))) {
            next.put(name, readFile(name, fingerprint, now, vanished));
          } else {
            diagnostics.add(unseen(name, "its name holds a control character"));
          }
        });
    listing.unreadable().forEach((name, why) -> diagnostics.add(unseen(name, why)));
    known.forEach((name, file) -> {
      boolean unseen = !next.containsKey(name) && listing.whyUnseen(name) != null;
      if (unseen) next.put(name, file);
    });
    return next;
  }

  /** Of one that does not parse its content, of one that says nothing its inode. */
  private static String identity(
      Fingerprint fingerprint, String digest, boolean parses, boolean saysNothing) {
    if (!parses) return digest;
    return saysNothing && fingerprint.key() != null ? "inode " + fingerprint.key() : "";
  }

  /** Files with objects that say nothing usable and are gone, by their identity. */
  private Map<String, Known> vanished(Listing listing) {
    Map<String, Known> vanished = new HashMap<>();
    known.forEach((name, file) -> {
      String identity = file.identity();
      if (identity.isEmpty() || !isKept(file)) return;
      boolean isGone = !listing.files().containsKey(name) && listing.whyUnseen(name) == null;
      if (isGone) vanished.put(identity, file);
    });
    return vanished;
  }

  private Diagnostic unseen(String name, String why) {
    Diagnostic told = unreadable(name, why);
    boolean isDirectory = known.keySet().stream().anyMatch(file -> file.startsWith(name + "/"));
    return isKept(known.get(name)) || isDirectory ? told : FileObjects.withoutLastGood(told);
  }

  private static boolean isKept(@Nullable Known before) {
    return before != null && !before.good.holdsNothing();
  }

  private static Diagnostic unreadable(String name, String why) {
    return Diagnostic.error(
        Source.ofFile(ManifestText.printable(name), 0, 0),
        "",
        "cannot be read: " + why + FileObjects.ITS_OBJECTS_KEPT);
  }

  private Known readFile(
      String name, Fingerprint fingerprint, Instant now, Map<String, Known> vanished) {
    Known before = known.get(name);
    if (before == null || isHeir(before, vanished) || mayHaveChanged(before, fingerprint, now)) {
      return readAnew(name, fingerprint, now, vanished);
    }
    return before;
  }

  /** Whether it may be another file under a new name, of which there is more to keep. */
  private static boolean isHeir(Known before, Map<String, Known> vanished) {
    return !isKept(before) && vanished.containsKey(before.identity());
  }

  /** Whatever its times say, which who writes it can set. */
  private Known readAnew(
      String name, Fingerprint fingerprint, Instant now, Map<String, Known> vanished) {
    Known before = known.get(name);
    DirectoryCompanions companions = new DirectoryCompanions(root(), now);
    FileObjects objects;
    String digest = "";
    boolean parses = true;
    try {
      if (fingerprint.size() > ManifestReader.FILE_BYTES_MAX) {
        objects = ManifestReader.tooLarge(name, fingerprint.size());
      } else {
        byte[] bytes = bytes(name);
        digest = Sha256.hex(bytes);
        // Most often a file that is not settled, which is looked into again and again.
        if (before != null && !isHeir(before, vanished) && before.means(digest)) {
          return new Known(fingerprint, Map.of(), digest, before.parses, before.good);
        }
        objects = ManifestReader.read(name, bytes, companions, configMaps);
        parses = objects.parsed();
      }
    } catch (IOException fault) {
      objects = FileObjects.unreadable(unreadable(name, FileFaults.reason(fault)));
    }
    String identity = identity(fingerprint, digest, parses, objects.holdsNothing());
    Known renamed = isKept(before) ? null : vanished.remove(identity);
    if (renamed != null) before = renamed;
    if (before == null || !isKept(before)) {
      objects = objects.withoutLastGood();
    } else if (objects.holdsNothing()) {
      objects = objects.parsed() ? objects.unparsed(emptied(name)) : objects.complaintsOnly();
    }
    FileObjects good = before == null ? objects : objects.keeping(before.good);
    if (before != null) good = good.equals(before.good) ? before.good : good.sharing(before.good);
    return new Known(fingerprint, companions.asked(), digest, parses, good);
  }

  private static Diagnostic emptied(String name) {
    return Diagnostic.warning(
        Source.ofFile(name, 0, 0),
        "",
        "the file holds no object any more; delete the file to remove its objects"
            + FileObjects.ITS_OBJECTS_KEPT);
  }

  private static boolean mayHaveChanged(Known before, Fingerprint fingerprint, Instant now) {
    if (before.isUnread() || fingerprint.mayDifferFrom(before.fingerprint)) return true;
    for (Map.Entry<Path, Optional<Fingerprint>> companion : before.companions.entrySet()) {
      Fingerprint current = Fingerprint.ofPath(companion.getKey(), now);
      Fingerprint earlier = companion.getValue().orElse(null);
      boolean changed =
          current == null || earlier == null
              ? (current == null) != (earlier == null)
              : current.mayDifferFrom(earlier);
      if (changed) return true;
    }
    return false;
  }

  private Path root() {
    return Files.isDirectory(path) ? path : path.toAbsolutePath().resolveSibling("");
  }

  private byte[] bytes(String name) throws IOException {
    Path file = root().resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(ManifestReader.FILE_BYTES_MAX + 1);
    }
  }
}
