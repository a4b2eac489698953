package dev.penstock.ingress.source.kubernetes;

import dev.penstock.model.text.Quote;
import io.fabric8.kubernetes.api.model.ExecConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program that a kubeconfig names for credentials. It is tried once before the client runs it,
 * which waits for it without end, and logs a failure and then asks as nobody.
 */
final class ExecPlugin {
  /** Some ask a server of their own. */
  static final Duration END_MAX = Duration.ofSeconds(30);

  private ExecPlugin() {}

  /**
   * Runs it, without an input; what it writes is not kept, but for the first line of its standard
   * error.
   *
   * @param kubeconfig relative to which it is found, where its name is a path
   * @return what is wrong, for the operator; empty = it ended well
   */
  static String fault(Path kubeconfig, ExecConfig exec, Duration endMax) throws IOException {
    String name = exec.getCommand();
    if (name == null || name.isBlank()) return "command is missing";
    boolean isRelative = name.indexOf('/') > 0;
    List<String> command = new ArrayList<>();
    command.add(isRelative ? kubeconfig.toAbsolutePath().resolveSibling(name).toString() : name);
    if (exec.getArgs() != null) command.addAll(exec.getArgs());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    if (exec.getEnv() != null) {
      exec.getEnv().forEach(each -> builder.environment().put(each.getName(), each.getValue()));
    }
    Process process;
    try {
      process = builder.start();
    } catch (IOException unusable) {
      return Quote.of(name) + " cannot be run: is it installed, and on the PATH?";
    }
    try (BufferedReader errors = process.errorReader()) {
      process.getOutputStream().close();
      if (!process.waitFor(endMax.toMillis(), TimeUnit.MILLISECONDS)) {
        return Quote.of(name) + " did not end within " + endMax.toSeconds() + " s";
      }
      if (process.exitValue() == 0) return "";
      String line = errors.readLine();
      String said = line == null ? "nothing on its standard error" : Quote.plain(line);
      return Quote.of(name) + " ended with " + process.exitValue() + ": " + said;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Quote.of(name) + " was not waited for";
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
