package dev.penstock.app;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The distribution as a container image: an OCI archive, from scratch, without a registry. What
 * changes least comes first, so that a new version is fetched in its last layers only:
 *
 * <ol>
 *   <li>what every program needs: the C library of the machine that builds, users, certificates
 *   <li>the distribution's Java
 *   <li>the libraries of others
 *   <li>our own
 *   <li>the AOT cache, the only one that is another one each time that it is made
 * </ol>
 *
 * There is no shell in it; its process is the JVM.
 */
final class ContainerImage {
  static final Path TAR = Path.of("target/penstock-image.tar").toAbsolutePath();
  private static final String NAME = "penstock.dev/penstock:dev";

  /** Of the distribution, in the image. */
  private static final String HOME = "/penstock";

  /** Nobody whom a node has. */
  private static final String USER = "65532";

  private static final long BYTES_MAX = 80_000_000;

  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
  private static final FilePermissions ANYBODYS = FilePermissions.fromOctalString("777");

  private final Path distribution;
  private final Path work;

  /**
   * @param distribution complete, with its Java and its AOT cache
   * @param work a directory of its own, empty: Jib's cache takes a file of the same time for the
   *     same file, and all our jars have one time
   */
  ContainerImage(Path distribution, Path work) throws IOException {
    this.distribution = distribution.toRealPath();
    this.work = work.toRealPath();
  }

  public static void main(String[] arguments) throws Exception {
    Path work = Files.createTempDirectory(Path.of("target"), "image-");
    try {
      List<String> command = new ContainerImage(Distribution.HOME, work).write(TAR);
      long bytes = Files.size(TAR);
      if (bytes > BYTES_MAX) {
        throw new IllegalStateException(TAR + " has " + bytes + " bytes, more than it may have");
      }
      System.out.printf(
          "%s in gateway-app/target/%s: %.1f MB compressed; it serves %d ms after its start%n",
          NAME, TAR.getFileName(), bytes / 1e6, millisToServe(command, work));
    } finally {
      RuntimeImage.delete(work);
    }
  }

  /**
   * Writes it.
   *
   * @return the command that it runs
   */
  List<String> write(Path tar) throws Exception {
    if (!Files.exists(distribution.resolve("runtime"))) {
      throw new IllegalStateException("this JDK cannot link a Java, and the image needs one");
    }
    List<String> command = command();
    Jib.fromScratch()
        .setPlatforms(Set.of(new Platform(architecture(), "linux")))
        .setFormat(ImageFormat.OCI)
        .setUser(USER)
        .setEntrypoint(command)
        .setFileEntriesLayers(system(), runtime(), libraries(false), libraries(true), cache())
        .containerize(
            Containerizer.to(TarImage.at(tar).named(NAME))
                .setOfflineMode(true)
                .setBaseImageLayersCache(work.resolve("base"))
                .setApplicationLayersCache(work.resolve("layers")));
    return command;
  }

  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name;
  }

  /**
   * What the launcher would start in the image; it says so itself, so that options stand in one
   * place. It looks for its Java and the cache beside it: there they are a script and nothing.
   */
  private List<String> command() throws IOException, InterruptedException {
    Path home = work.resolve("home");
    Path java = home.resolve("runtime/bin/java");
    for (String directory : List.of("bin", "lib", "runtime/bin")) {
      Files.createDirectories(home.resolve(directory));
    }
    Path launcher = Files.copy(distribution.resolve("bin/penstock"), home.resolve("bin/penstock"));
    Files.createFile(home.resolve("lib").resolve(AotCache.User.POD.file));
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
    if (!java.toFile().setExecutable(true)) throw new IOException(java + " cannot be run");
    List<String> lines = linesOf(launcher.toString(), "ingress");
    return lines.subList(0, lines.size() - 1).stream()
        .map(line -> line.replace(home.toString(), HOME))
        .toList();
  }

  /** What a program prints. */
  private static List<String> linesOf(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(Set.of("JAVA_OPTS", "PENSTOCK_JAVA_OPTS"));
    Process process = builder.start();
    List<String> lines = process.inputReader().lines().toList();
    if (process.waitFor() != 0) throw new IOException(command[0] + " failed: " + lines);
    return lines;
  }

  private FileEntriesLayer system() throws IOException, InterruptedException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("system");
    for (Path library : systemLibraries()) {
      layer.addEntry(library, AbsoluteUnixPath.fromPath(library), PROGRAM);
    }
    addText(layer, "/etc/passwd", "penstock:x:" + USER + ":" + USER + "::/:\n");
    addText(layer, "/etc/nsswitch.conf", "hosts: files dns\n");
    Path certificates = Path.of("/etc/ssl/certs/ca-certificates.crt");
    if (Files.exists(certificates)) {
      layer.addEntry(certificates, AbsoluteUnixPath.fromPath(certificates));
    }
    Path empty = Files.createDirectory(work.resolve("empty"));
    return layer.addEntry(empty, AbsoluteUnixPath.get("/tmp"), ANYBODYS).build();
  }

  private void addText(FileEntriesLayer.Builder layer, String path, String text)
      throws IOException {
    Path file = Files.writeString(work.resolve(Path.of(path).getFileName().toString()), text);
    layer.addEntry(file, AbsoluteUnixPath.get(path));
  }

  /**
   * The loader, and what the Java and the native libraries are linked to, where it expects them.
   */
  private Set<Path> systemLibraries() throws IOException, InterruptedException {
    List<String> ldd = new ArrayList<>(List.of("ldd"));
    ldd.add(distribution.resolve("runtime/bin/java").toString());
    ldd.add(distribution.resolve("runtime/lib/server/libjvm.so").toString());
    for (Path file : DistributionBuild.files(distribution.resolve("lib/native"), "*.so")) {
      ldd.add(file.toString());
    }
    Set<Path> found = new TreeSet<>();
    Pattern library = Pattern.compile("\\s+(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)");
    for (String line : linesOf(ldd.toArray(String[]::new))) {
      Matcher match = library.matcher(line);
      if (match.matches()) found.add(Path.of(match.group(1)));
    }
    found.removeIf(path -> path.startsWith(distribution));
    return found;
  }

  private FileEntriesLayer runtime() throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("runtime");
    Path runtime = distribution.resolve("runtime");
    try (Stream<Path> files = Files.walk(runtime)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        add(layer, file, FileEntriesLayer.DEFAULT_MODIFICATION_TIME);
      }
    }
    return layer.build();
  }

  /** The AOT cache belongs to jars of these times. */
  private FileEntriesLayer libraries(boolean own) throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(own ? "own" : "others");
    Path libraries = distribution.resolve("lib");
    for (Path jar : DistributionBuild.files(libraries, "*.jar")) {
      boolean isOwn =
          jar.getFileName()
              .toString()
              .matches("(penstock|admission-|configmap-|gateway-|ingress-).*");
      if (isOwn == own) add(layer, jar, Files.getLastModifiedTime(jar).toInstant());
    }
    if (!own) {
      for (Path file : DistributionBuild.files(libraries.resolve("native"), "*")) {
        add(layer, file, FileEntriesLayer.DEFAULT_MODIFICATION_TIME);
      }
    }
    return layer.build();
  }

  private FileEntriesLayer cache() throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("cache");
    for (Path file :
        DistributionBuild.files(distribution.resolve("lib"), AotCache.User.POD.file + "*")) {
      add(layer, file, FileEntriesLayer.DEFAULT_MODIFICATION_TIME);
    }
    return layer.build();
  }

  /** At its place; what may be run, by everybody, and all may be read, whatever the umask was. */
  private void add(FileEntriesLayer.Builder layer, Path file, Instant time) {
    AbsoluteUnixPath place =
        AbsoluteUnixPath.get(HOME).resolve(distribution.relativize(file).toString());
    boolean isProgram = Files.isExecutable(file);
    layer.addEntry(
        file, place, isProgram ? PROGRAM : FilePermissions.DEFAULT_FILE_PERMISSIONS, time);
  }

  /**
   * What an archive holds.
   *
   * @param configuration as JSON: user, command
   * @param layers first to last; the names of these files are their digests
   */
  record Archive(String configuration, List<Path> layers) {
    /**
     * @param unpacked the directory into which the archive goes, empty
     */
    static Archive of(Path tar, Path unpacked) throws IOException, InterruptedException {
      linesOf("tar", "-xf", tar.toString(), "-C", unpacked.toString());
      Path blobs = unpacked.resolve("blobs/sha256");
      Path manifest = blobs.resolve(digests(unpacked.resolve("index.json")).getFirst());
      List<Path> files = digests(manifest).stream().map(blobs::resolve).toList();
      return new Archive(Files.readString(files.getFirst()), files.subList(1, files.size()));
    }

    /** The files of a layer below lib, by their names alone; tar also says what it wonders at. */
    static List<String> filesOf(Path layer) throws IOException, InterruptedException {
      return linesOf("tar", "-tzf", layer.toString()).stream()
          .filter(name -> name.contains("/lib/") && !name.endsWith("/"))
          .map(name -> name.substring(name.lastIndexOf('/') + 1))
          .toList();
    }
  }

  private static List<String> digests(Path json) throws IOException {
    return Pattern.compile("\"digest\" *: *\"sha256:([0-9a-f]{64})\"")
        .matcher(Files.readString(json))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /**
   * Starts what is in the image, as far as that goes without a container; fails when the JVM
   * refuses the AOT cache.
   */
  private static long millisToServe(List<String> command, Path work) throws Exception {
    Path root = Files.createDirectory(work.resolve("root")).toRealPath();
    Archive archive = Archive.of(TAR, Files.createDirectory(work.resolve("unpacked")));
    for (Path layer : archive.layers) {
      linesOf("tar", "-xzf", layer.toString(), "-C", root.toString());
    }
    Path config = Files.createDirectory(root.resolve("config"));
    List<String> arguments = new ArrayList<>(List.of("-XX:AOTMode=on"));
    command.stream()
        .skip(1)
        .map(word -> word.replace(HOME + "/", root + HOME + "/"))
        .forEach(arguments::add);
    arguments.addAll(List.of("run", "--config=" + config, "--bind=127.0.0.1", "--drain-min=0s"));
    arguments.addAll(List.of("--http-port=0", "--https-port=0", "--admin-port=0"));
    long start = System.nanoTime();
    try (Distribution gateway =
        Distribution.start(Path.of(root + command.getFirst()), Map.of(), arguments)) {
      gateway.awaitErr("  hosts  ");
      long millis = (System.nanoTime() - start) / 1_000_000;
      gateway.terminate();
      if (gateway.awaitExit() != 0) throw new IOException("it ended badly: " + gateway.err());
      return millis;
    }
  }
}
