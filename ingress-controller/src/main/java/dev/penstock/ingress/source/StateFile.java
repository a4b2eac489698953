package dev.penstock.ingress.source;

import dev.penstock.model.ConfigJson;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.JsonFault;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Quote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  static final int FORMAT = 1;

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
  private boolean failureTold;

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
      if (Files.size(file) > BYTES_MAX) return unusable("is larger than " + BYTES_MAX + " bytes");
      byte[] bytes = Files.readAllBytes(file);
      return parse(bytes);
    } catch (IOException fault) {
      return unusable("cannot be read: " + FileFaults.reason(fault));
    }
  }

  private Translation<Optional<Publication>> parse(byte[] bytes) {
    int headerEnd = 0;
    while (headerEnd < Math.min(bytes.length, HEADER_BYTES_MAX) && bytes[headerEnd] != '\n') {
      headerEnd++;
    }
    String[] header = new String(bytes, 0, headerEnd, StandardCharsets.ISO_8859_1).split(" ", -1);
    if (header.length != 3 || !header[0].equals(MAGIC) || headerEnd >= bytes.length) {
      return unusable("is no state of Penstock");
    }
    if (!header[1].equals(Integer.toString(FORMAT))) {
      return unusable("has format " + Quote.of(header[1]) + ", not " + FORMAT);
    }
    int bodyAt = headerEnd + 1;
    String digest = Sha256.hex(bytes, bodyAt);
    if (!header[2].equals(digest)) return unusable("is damaged: its checksum is not its content's");
    try {
      String body = new String(bytes, bodyAt, bytes.length - bodyAt, StandardCharsets.UTF_8);
      Publication publication = ConfigJson.publicationFromJson(body);
      savedDigest = digest;
      return new Translation<>(Optional.of(publication), List.of());
    } catch (JsonFault fault) {
      return unusable("does not hold what it should: " + ManifestText.oneLine(fault.getMessage()));
    }
  }

  private Translation<Optional<Publication>> unusable(String why) {
    return new Translation<>(
        Optional.empty(),
        List.of(
            Diagnostic.warning(
                Source.ofFile(ManifestText.oneLine(file.toString()), 0, 0),
                "",
                "the last good state " + why + "; it is not used and will be written anew")));
  }

  /** Writes the state when it differs from what is on disk. A failure is logged once. */
  public void save(Publication publication) {
    byte[] body = ConfigJson.toJson(publication).getBytes(StandardCharsets.UTF_8);
    String digest = Sha256.hex(body, 0);
    if (digest.equals(savedDigest)) return;
    if (body.length > BYTES_MAX - HEADER_BYTES_MAX) {
      failed("it would be larger than " + BYTES_MAX + " bytes");
      return;
    }
    String header = MAGIC + " " + FORMAT + " " + digest + "\n";
    try {
      Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
      write(header.getBytes(StandardCharsets.ISO_8859_1), body);
      savedDigest = digest;
      failureTold = false;
    } catch (IOException | UnsupportedOperationException fault) {
      failed(why(fault));
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

  private void write(byte[] header, byte[] body) throws IOException {
    Files.deleteIfExists(temporary);
    try (FileChannel out =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_ONLY_FILE)) {
      writeAll(out, header);
      writeAll(out, body);
      out.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    // The rename itself is on disk only when the directory is.
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private static void writeAll(FileChannel out, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) out.write(buffer);
  }

  private void failed(String why) {
    if (failureTold) return;
    failureTold = true;
    LOG.warn(
        "the last good state cannot be written to {}: {}; serving goes on, a restart will begin"
            + " without it",
        file,
        why);
  }
}
