package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built distribution, started as a process by its own launcher. */
final class Distribution implements AutoCloseable {
  static final Path HOME = Path.of("target/penstock").toAbsolutePath();

  /** A JVM on a busy machine may take a while to begin or to end. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Flags of a gateway on free ports of loopback. */
  static final List<String> ON_FREE_PORTS =
      List.of(
          "--bind=127.0.0.1",
          "--admin-bind=127.0.0.1",
          "--http-port=0",
          "--https-port=0",
          "--admin-port=0");

  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  private Distribution(Process process) {
    this.process = process;
    readers.add(collect(process.getInputStream(), out));
    readers.add(collect(process.getErrorStream(), err));
  }

  /** Starts {@code command} (a launcher) with these arguments and these additional variables. */
  static Distribution start(Path command, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    return new Distribution(builder.start());
  }

  /** {@code penstock run} on free ports of loopback; waits until it serves. */
  static Distribution serving(Path config, Map<String, String> environment, String... flags)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "--config", config.toString()));
    arguments.addAll(ON_FREE_PORTS);
    arguments.addAll(List.of(flags));
    Distribution gateway = start(HOME.resolve("bin/penstock"), environment, arguments);
    gateway.awaitErr("  hosts  ");
    return gateway;
  }

  /** Waits for a line on standard error that holds this text; the last one of them. */
  String awaitErr(String text) {
    Await.until(
        () -> "'" + text + "' in " + err,
        PATIENCE,
        () -> !process.isAlive() || err.stream().anyMatch(line -> line.contains(text)));
    return err.stream()
        .filter(line -> line.contains(text))
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> new AssertionError("ended without '" + text + "': " + err));
  }

  /** The port that listener {@code http}, {@code https} or {@code admin} reported last. */
  int port(String listener) {
    String line = awaitErr("  " + listener + " ");
    Matcher port = Pattern.compile("127\\.0\\.0\\.1:(\\d+)").matcher(line);
    if (!port.find()) throw new AssertionError("no port in: " + line);
    return Integer.parseInt(port.group(1));
  }

  /** GET on the admin port. */
  HttpResponse<String> admin(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port("admin") + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** SIGTERM. Not by {@link Process#destroy}, which would also close what is read here. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Such as HUP. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end; the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + err);
    }
    for (Thread reader : readers) reader.join(PATIENCE);
    return process.exitValue();
  }

  List<String> out() {
    return out;
  }

  List<String> err() {
    return err;
  }

  /** The process and everything that it started. */
  List<ProcessHandle> family() {
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    family.add(process.toHandle());
    return family;
  }

  @Override
  public void close() {
    List<ProcessHandle> family = family();
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private static Thread collect(InputStream from, List<String> into) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
            reader.lines().forEach(into::add);
          } catch (IOException | UncheckedIOException ended) {
            into.add("(cut: " + ended.getMessage() + ")");
          }
        });
  }
}
