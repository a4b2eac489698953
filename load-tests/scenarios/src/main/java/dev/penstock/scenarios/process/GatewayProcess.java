package dev.penstock.scenarios.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The distribution as a gateway on free ports of loopback, without an access log. */
public final class GatewayProcess implements AutoCloseable {
  /** Where the launcher is, as a system property. */
  public static final String LAUNCHER_PROPERTY = "penstock.launcher";

  private static final String JAVA_OPTIONS_VARIABLE = "PENSTOCK_JAVA_OPTS";

  /** A hundred thousand routes on a busy machine take a while. */
  private static final Duration START_WAIT_MAX = Duration.ofMinutes(2);

  private static final Duration END_WAIT_MAX = Duration.ofSeconds(90);

  /** Lines of standard error that are kept for a failure's report. */
  private static final int LINES_MAX = 200;

  private static final Pattern PORT =
      Pattern.compile("^ {2}(http|https|admin) +https?://127\\.0\\.0\\.1:(\\d+)");

  private static final Pattern DESCRIPTORS_MAX =
      Pattern.compile("(?m)^Max open files +(\\d+|unlimited)");

  /** The kernel's unit of CPU time in /proc. */
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final Deque<String> lines = new ArrayDeque<>();
  private volatile boolean serves;

  private GatewayProcess(Process process) {
    this.process = process;
    // An interrupted run leaves no gateway behind.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
    collect(process.getErrorStream());
  }

  /**
   * Starts {@code penstock run} and waits until it serves.
   *
   * @param javaOptions further ones of the JVM; those of this process's {@code PENSTOCK_JAVA_OPTS}
   *     come after them
   * @param flags further ones of {@code penstock run}
   */
  public static GatewayProcess start(Path config, String javaOptions, String... flags)
      throws IOException {
    return start(List.of("run", "--config", config.toString()), javaOptions, flags);
  }

  /** Starts {@code penstock ingress} and waits until it serves. */
  public static GatewayProcess ofCluster(Path kubeconfig, String... flags) throws IOException {
    List<String> command =
        List.of("ingress", "--kubeconfig", kubeconfig.toString(), "--admin-bind", "127.0.0.1");
    return start(command, "", flags);
  }

  private static GatewayProcess start(List<String> arguments, String javaOptions, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(arguments);
    command.addAll(List.of("--bind", "127.0.0.1"));
    command.addAll(List.of("--http-port", "0", "--https-port", "0", "--admin-port", "0"));
    command.add("--no-access-log");
    command.addAll(List.of(flags));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    String given = builder.environment().getOrDefault(JAVA_OPTIONS_VARIABLE, "");
    builder.environment().put(JAVA_OPTIONS_VARIABLE, javaOptions + " " + given);
    GatewayProcess gateway = new GatewayProcess(builder.start());
    try {
      gateway.awaitServing();
      return gateway;
    } catch (AssertionError late) {
      gateway.close();
      throw late;
    }
  }

  private static Path launcher() {
    String given = System.getProperty(LAUNCHER_PROPERTY, "");
    Path launcher =
        Path.of(given.isEmpty() ? "../../gateway-app/target/penstock/bin/penstock" : given);
    if (Files.isExecutable(launcher)) return launcher.toAbsolutePath();
    throw new IllegalStateException(
        "no launcher at "
            + launcher.toAbsolutePath()
            + ": run `make build`, or name another by -D"
            + LAUNCHER_PROPERTY);
  }

  private void awaitServing() {
    Await.until(
        () -> "the gateway to serve; it said: " + lines(),
        START_WAIT_MAX,
        () -> serves || !process.isAlive());
    if (!serves) throw new AssertionError("the gateway ended: " + lines());
  }

  private void collect(InputStream from) {
    Thread.ofPlatform()
        .name("gateway-stderr")
        .daemon()
        .start(() -> {
          try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
            reader.lines().forEach(this::heard);
          } catch (IOException | UncheckedIOException ended) {
            heard("(cut: " + ended.getMessage() + ")");
          }
        });
  }

  private void heard(String line) {
    Matcher port = PORT.matcher(line);
    if (port.find()) ports.put(port.group(1), Integer.parseInt(port.group(2)));
    synchronized (lines) {
      if (lines.size() == LINES_MAX) lines.removeFirst();
      lines.add(line);
    }
    if (line.startsWith("  hosts  ")) serves = true;
  }

  /** The last lines that it wrote to standard error. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /**
   * @param listener {@code http}, {@code https} or {@code admin}
   */
  public int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) throw new IllegalStateException("no port '" + listener + "' in " + lines());
    return port;
  }

  /** The launcher becomes the JVM, so that this is the gateway itself. */
  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** User and system time since its start, in seconds. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** How many files and sockets it may have open. */
  public long descriptorsMax() throws IOException {
    String limits = Files.readString(Path.of("/proc", Long.toString(pid()), "limits"));
    Matcher soft = DESCRIPTORS_MAX.matcher(limits);
    if (!soft.find()) throw new IOException("no limit of open files in: " + limits);
    return soft.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft.group(1));
  }

  /** SIGTERM. Not by {@link Process#destroy}, which would also close what is read here. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /**
   * Waits for the end.
   *
   * @return the exit code
   */
  public int awaitExit() throws InterruptedException {
    if (process.waitFor(END_WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) return process.exitValue();
    throw new AssertionError("the gateway does not end: " + lines());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
