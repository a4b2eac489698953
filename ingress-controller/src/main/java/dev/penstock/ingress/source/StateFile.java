package dev.penstock.ingress.source;

import dev.penstock.model.ConfigJson;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.JsonFault;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Quote;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good publication on disk, private keys included, so that a restart serves at once even
 * when the source cannot be read.
 *
 * <p>One line {@code penstock-state <format> <SHA-256 of the rest>} and then {@link ConfigJson}'s
 * form. Written whole or not at all (temporary file, fsync, rename), mode 0600; a directory that is
 * missing is made with mode 0700. Neither saving nor loading throws: a gateway without a state
 * serves, it only starts slower. One thread.
 */
public final class StateFile {
  /** Changes with the form of the JSON; another format is passed over, never guessed at. */
  static final int FORMAT = 2;

  /** Bytes; beyond it a state is neither written nor read. A hundred thousand routes fit. */
  static final int BYTES_MAX = 256 << 20;

  /** No manifest by its ending, in case the directory is also the configured one. */
  static final String NAME = "last-good.state";

  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
  private static final String MAGIC = "penstock-state";
  private static final int HEADER_BYTES_MAX = 128;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;
  private final Path file;
  private final Path temporary;
  private String savedDigest = "";
  private volatile boolean isFailing;

  /**
   * @param directory {@code --state-dir}; need not exist
   */
  public StateFile(Path directory) {
    this.directory = directory;
    this.file = directory.resolve(NAME);
    this.temporary = directory.resolve(NAME + ".tmp");
  }

  /**
   * The state that was saved last: empty when there is none, and with a warning when there is one
   * that cannot be used.
   */
  public Translation<Optional<Publication>> load() {
    try {
      if (isNoDirectory()) return unusable("cannot be read: " + noDirectory());
      if (Files.notExists(file)) return new Translation<>(Optional.empty(), List.of());
      List<Diagnostic> taken = takeFromOthers();
      if (Files.size(file) > BYTES_MAX) return unusable("is larger than " + BYTES_MAX + " bytes");
      Translation<Optional<Publication>> loaded =
          parse(Files.readString(file, StandardCharsets.ISO_8859_1));
      return new Translation<>(
          loaded.value(), Stream.concat(taken.stream(), loaded.diagnostics().stream()).toList());
    } catch (IOException fault) {
      return unusable("cannot be read: " + FileFaults.reason(fault));
    }
  }

  /** Another program may have copied it here, or a volume have changed its mode. */
  private List<Diagnostic> takeFromOthers() throws IOException {
    String mode;
    try {
      mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (UnsupportedOperationException noPosix) {
      return List.of();
    }
    if (mode.endsWith("------")) return List.of();
    String now = "now it has " + PosixFilePermissions.toString(OWNER_ONLY_FILE.value());
    try {
      Files.setPosixFilePermissions(file, OWNER_ONLY_FILE.value());
    } catch (IOException notOurs) {
      now = "that cannot be changed: " + FileFaults.reason(notOurs);
    }
    return List.of(
        warning(
            "had mode "
                + mode
                + ", with which others can read the private keys in it, or change it; "
                + now
                + ". Whoever could read it may have the keys"));
  }

  private Translation<Optional<Publication>> parse(String text) throws IOException {
    int headerEnd = text.indexOf('\n', 0, Math.min(text.length(), HEADER_BYTES_MAX));
    String[] header = text.substring(0, Math.max(0, headerEnd)).split(" ", -1);
    if (header.length != 3 || !header[0].equals(MAGIC)) return unusable("is no state of Penstock");
    if (!header[1].equals(Integer.toString(FORMAT))) {
      return unusable("has format " + Quote.of(header[1]) + ", not " + FORMAT);
    }
    int bodyAt = headerEnd + 1;
    String digest = Sha256.hex(file, bodyAt);
    if (!header[2].equals(digest)) return unusable("is damaged: its checksum is not its content's");
    try {
      Publication publication = ConfigJson.publicationFromJson(text, bodyAt);
      savedDigest = digest;
      return new Translation<>(Optional.of(publication), List.of());
    } catch (JsonFault fault) {
      return unusable("does not hold what it should: " + ManifestText.oneLine(fault.getMessage()));
    }
  }

  private Translation<Optional<Publication>> unusable(String why) {
    return new Translation<>(
        Optional.empty(), List.of(warning(why + "; it is not used and will be written anew")));
  }

  private Diagnostic warning(String what) {
    return Diagnostic.warning(
        Source.ofFile(ManifestText.oneLine(file.toString()), 0, 0),
        "",
        "the last good state " + what);
  }

  /**
   * Writes the state when it differs from what is on disk. That it fails is logged once, and that
   * it does not any more.
   *
   * @return false when it is worth another try
   */
  public boolean save(Publication publication) {
    try {
      Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
      String digest = write(publication);
      if (digest.equals(savedDigest)) Files.delete(temporary);
      else replace();
      savedDigest = digest;
      if (isFailing) LOG.info("the last good state is written again to {}", file);
      isFailing = false;
      return true;
    } catch (TooLarge | UnsupportedOperationException fault) {
      failed(why(fault), "a change");
      return true;
    } catch (IOException fault) {
      failed(why(fault), StateSaver.PAUSE_FAILED.toSeconds() + " s");
      return false;
    }
  }

  /** Whether the last one that was to be saved is not on disk. Any thread. */
  public boolean isFailing() {
    return isFailing;
  }

  private void forgetTemporary() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException stays) {
      // the next saving deletes it, or says why not
    }
  }

  private boolean isNoDirectory() {
    return Files.exists(directory) && !Files.isDirectory(directory);
  }

  private String noDirectory() {
    return ManifestText.oneLine(directory.toString()) + " is no directory";
  }

  private String why(Exception fault) {
    if (isNoDirectory()) return noDirectory();
    return fault instanceof IOException io ? FileFaults.reason(io) : "no POSIX file modes here";
  }

  /** Writes the temporary file; the digest of its content. */
  private String write(Publication publication) throws IOException {
    Files.deleteIfExists(temporary);
    try (FileChannel out =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_ONLY_FILE)) {
      MessageDigest digest = Sha256.digest();
      int headerBytes = header(Sha256.hex(Sha256.digest())).length;
      out.position(headerBytes);
      OutputStream body = new Bounded(Channels.newOutputStream(out), BYTES_MAX - headerBytes);
      Writer text =
          new OutputStreamWriter(new DigestOutputStream(body, digest), StandardCharsets.US_ASCII);
      ConfigJson.write(publication, text);
      text.flush();
      String found = Sha256.hex(digest);
      ByteBuffer header = ByteBuffer.wrap(header(found));
      out.position(0);
      while (header.hasRemaining()) out.write(header);
      out.force(true);
      return found;
    }
  }

  private static byte[] header(String digest) {
    return (MAGIC + " " + FORMAT + " " + digest + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private void replace() throws IOException {
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    // The rename itself is on disk only when the directory is.
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  /** Fails before more than so many bytes are written. */
  private static final class Bounded extends FilterOutputStream {
    private long left;

    Bounded(OutputStream out, long bytesMax) {
      super(out);
      left = bytesMax;
    }

    @Override
    public void write(int next) throws IOException {
      write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      left -= length;
      if (left < 0) throw new TooLarge();
      out.write(bytes, from, length);
    }
  }

  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super("it would be larger than " + BYTES_MAX + " bytes");
    }
  }

  private void failed(String why, String nextTry) {
    forgetTemporary();
    if (isFailing) return;
    isFailing = true;
    LOG.warn(
        "the last good state cannot be written to {}: {}; serving goes on, and it is tried again"
            + " after {}. A restart begins with what was written before, if anything was",
        file,
        why,
        nextTry);
  }
}
